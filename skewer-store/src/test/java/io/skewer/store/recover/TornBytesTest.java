package io.skewer.store.recover;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.store.disk.FileDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TornBytesTest {
    private static final int WHOLE = 361;

    @TempDir
    Path directory;

    /** Of a file that has something at these places, and zeros else. */
    private long tornBytes(int length, int... places) throws Exception {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, 0, Math.min(WHOLE, length), (byte) 1);
        for (int place : places) {
            bytes[place] = 1;
        }
        Files.write(directory.resolve("file"), bytes);
        return FolderRecovery.tornBytes(new FileDisk(directory), "file", WHOLE);
    }

    @Test
    void roomTakenInAdvanceIsNotTorn() throws Exception {
        assertThat(tornBytes(1 << 20)).isZero();
        assertThat(tornBytes(WHOLE)).isZero();
        assertThat(tornBytes(WHOLE - 1)).isZero();
    }

    @Test
    void whatWasBeingWrittenIsTornWithTheZerosInIt() throws Exception {
        assertThat(tornBytes(1 << 20, WHOLE)).isEqualTo(1);
        assertThat(tornBytes(1 << 20, WHOLE + 99)).isEqualTo(100);
        assertThat(tornBytes(1 << 20, WHOLE, WHOLE + 300_000)).isEqualTo(300_001);
        assertThat(tornBytes(1 << 20, (1 << 20) - 1)).isEqualTo((1 << 20) - WHOLE);
    }
}
