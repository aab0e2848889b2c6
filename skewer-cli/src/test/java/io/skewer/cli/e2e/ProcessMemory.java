package io.skewer.cli.e2e;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What another process has in its memory, which only root may see. */
final class ProcessMemory {
    private static final int WINDOW_BYTES = 1 << 20;

    private ProcessMemory() {}

    /** How often the bytes stand somewhere in what the process can write to. */
    static int count(long pid, byte[] wanted) throws IOException {
        int found = 0;
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
            for (String mapping : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
                String[] words = mapping.split("[- ]", 4);
                if (words[2].startsWith("rw")) {
                    found += count(memory, Long.parseLong(words[0], 16), Long.parseLong(words[1], 16), wanted);
                }
            }
        }
        return found;
    }

    private static int count(RandomAccessFile memory, long from, long to, byte[] wanted) throws IOException {
        byte[] window = new byte[WINDOW_BYTES + wanted.length - 1]; // what begins in one window may end in the next
        int found = 0;
        for (long at = from; at < to; at += WINDOW_BYTES) {
            memory.seek(at);
            int length = memory.read(window, 0, (int) Math.min(window.length, to - at));
            for (int i = 0; i + wanted.length <= length; i++) {
                if (window[i] == wanted[0] && Arrays.equals(window, i, i + wanted.length, wanted, 0, wanted.length)) {
                    found++;
                }
            }
        }
        return found;
    }
}
