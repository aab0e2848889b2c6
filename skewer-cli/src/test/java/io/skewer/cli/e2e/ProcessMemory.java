package io.skewer.cli.e2e;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** What another process has in its memory, which only root may see. */
final class ProcessMemory {
    private static final int WINDOW_BYTES = 1 << 20;

    private ProcessMemory() {}

    /** How often the bytes stand somewhere in what the process can write to. It stands still meanwhile: what it gives back cannot be read. */
    static int count(ProcessHandle process, byte[] wanted) throws IOException, InterruptedException {
        TestDaemon.signal(process, "STOP");
        try {
            while (!standsStill(process.pid())) {
                Thread.sleep(1);
            }
            return countNow(process.pid(), wanted);
        } finally {
            TestDaemon.signal(process, "CONT");
        }
    }

    private static boolean standsStill(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                // proc(5): number (name) state.
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (IOException endedMeanwhile) {
            if (TestDaemon.runs(pid)) {
                return false;
            }
            throw endedMeanwhile;
        }
    }

    private static int countNow(long pid, byte[] wanted) throws IOException {
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

    /**
     * What of its memory is resident and not in the Java heap, in MiB. The heap is the memory without a name below 4 GiB, where the JDK puts
     * heaps of less than that (compressed object pointers without a base).
     */
    static long outsideHeapMiB(long pid) throws IOException {
        long kibibytes = 0;
        boolean inHeap = false;
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps"))) {
            String[] words = line.strip().split("\\s+", 7);
            if (words[0].indexOf('-') > 0) {
                long from = Long.parseUnsignedLong(words[0].substring(0, words[0].indexOf('-')), 16);
                inHeap = words.length < 6 && from < 1L << 32;
            } else if (words[0].equals("Rss:") && !inHeap) {
                kibibytes += Long.parseLong(words[1]);
            }
        }
        return kibibytes / 1024;
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
