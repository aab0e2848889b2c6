package io.skewer.sinks.file;

import io.skewer.sinks.Failure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;

/**
 * Why one file may not be opened, which says nothing about others: no right to it, or no possible name.
 *
 * @param text without the name, which comes from the message
 */
record FileRefusal(Failure.Reason reason, String text) {
    /** What Linux says of EPERM (of an immutable file), ENAMETOOLONG, ENOTDIR and ELOOP. */
    private static final List<String> OF_ONE_FILE = List.of(
            "Operation not permitted", "File name too long", "Not a directory", "Too many levels of symbolic links");

    /** Empty when the cause may concern all files: the disk is full or broken. */
    static Optional<FileRefusal> of(IOException cause) {
        if (cause instanceof ForeignFile) {
            return Optional.of(new FileRefusal(
                    Failure.Reason.REFUSED, "a link, a directory or a pipe stands in the file's place"));
        }
        if (cause instanceof AccessDeniedException) {
            return Optional.of(new FileRefusal(Failure.Reason.NOT_AUTHORIZED, "the file may not be written"));
        }
        String said = cause instanceof FileSystemException fault ? String.valueOf(fault.getReason()) : "";
        return OF_ONE_FILE.contains(said)
                ? Optional.of(new FileRefusal(Failure.Reason.REFUSED, "the file cannot be opened: " + said))
                : Optional.empty();
    }

    Failure after(int attempts) {
        return new Failure(reason, attempts, text);
    }
}
