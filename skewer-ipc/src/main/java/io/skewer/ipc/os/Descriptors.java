package io.skewer.ipc.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Descriptors as plain numbers: for those on their way to another process. Whoever holds a number has to close it, once. */
public final class Descriptors {
    private static final Path COMMAND_NAME = Path.of("/proc/self/comm");

    private Descriptors() {}

    /** Two connected stream sockets, both closed when a program is executed. */
    public static int[] socketPair() throws IOException {
        int[] numbers = new int[2];
        SystemCalls.socketPair(false, numbers);
        return numbers;
    }

    /** Gives a number back to the system. */
    public static void close(int number) throws IOException {
        SystemCalls.close(number);
    }

    /**
     * Sets the name that {@code ps -o comm} and {@code top} show; the system keeps its first 15 bytes. In a jail
     * {@code /proc} is read-only and the launcher has named the process; systems without it keep the name of the program.
     */
    public static void setCommandName(String name) throws IOException {
        if (Files.isWritable(COMMAND_NAME)) {
            Files.write(COMMAND_NAME, name.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Closes where nobody could act on a failure: the number is free afterwards in any case. */
    static void closeQuietly(int number) {
        try {
            SystemCalls.close(number);
        } catch (IOException alreadyGone) {
            // close(2) frees the number even when it reports an error; sockets have no late write errors.
        }
    }
}
