package io.skewer.core.fault;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Words for an {@link IOException}: those of {@code java.nio.file} tell by their class what happened, and say only the name of the file. */
public final class FaultText {
    private FaultText() {}

    /** What happened, and to which file where the exception knows one. */
    public static String of(IOException fault) {
        String reason = reason(fault);
        return fault instanceof FileSystemException file && file.getFile() != null
                ? file.getFile() + (file.getOtherFile() == null ? "" : " -> " + file.getOtherFile()) + ": " + reason
                : reason;
    }

    /** What happened, for those who name the file themselves. No pattern switch: a sealed process would have to make classes for it. */
    public static String reason(IOException fault) {
        if (fault instanceof NoSuchFileException) {
            return "there is no such file or directory";
        }
        if (fault instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (fault instanceof FileAlreadyExistsException) {
            return "exists already";
        }
        if (fault instanceof NotDirectoryException) {
            return "is not a directory";
        }
        if (fault instanceof DirectoryNotEmptyException) {
            return "the directory is not empty";
        }
        String words = fault instanceof FileSystemException file ? file.getReason() : fault.getMessage();
        return words == null || words.isBlank() ? fault.getClass().getSimpleName() : words;
    }
}
