package io.skewer.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultTextTest {
    @TempDir
    Path directory;

    private interface Attempt {
        void run() throws IOException;
    }

    private static String text(Attempt attempt) {
        return FaultText.of(catchThrowableOfType(IOException.class, attempt::run));
    }

    @Test
    void whatTheSystemRefusesIsSaidWithTheFile() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        Path absent = directory.resolve("absent");
        assertThat(text(() -> Files.newInputStream(absent))).isEqualTo(absent + ": there is no such file or directory");
        assertThat(text(() -> Files.createFile(file))).isEqualTo(file + ": exists already");
        assertThat(text(() -> Files.newInputStream(file.resolve("below")))).isEqualTo(file + "/below: Not a directory");
        assertThat(text(() -> Files.delete(directory))).isEqualTo(directory + ": the directory is not empty");
    }

    @Test
    void theReasonAloneNamesNeitherFileNorClass() {
        assertThat(FaultText.reason(new AccessDeniedException("/out/a.log"))).isEqualTo("permission denied");
        assertThat(FaultText.reason(new FileSystemException("/out/a.log", null, "Is a directory")))
                .isEqualTo("Is a directory");
        assertThat(FaultText.reason(new IOException("No space left on device"))).isEqualTo("No space left on device");
        assertThat(FaultText.of(new AccessDeniedException("/a"))).isEqualTo("/a: permission denied");
        assertThat(FaultText.of(new NotDirectoryException("/a"))).isEqualTo("/a: is not a directory");
    }

    @Test
    void whatSaysNothingHasAtLeastItsName() {
        assertThat(FaultText.of(new EOFException())).isEqualTo("EOFException");
        assertThat(FaultText.of(new FileSystemException(null))).isEqualTo("FileSystemException");
    }
}
