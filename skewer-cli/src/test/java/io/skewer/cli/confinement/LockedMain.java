package io.skewer.cli.confinement;

import io.skewer.cli.role.WarmLibraries;
import io.skewer.ipc.os.ProcessSeal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Seals itself as a role, takes memory and starts threads as roles do, and prints what the kernel says about its memory: lines like
 * {@code Locked: 12 kB}. Run as root, whose capabilities it cannot give up: that is the only fault that its seal may find.
 */
final class LockedMain {
    private LockedMain() {}

    public static void main(String[] arguments) throws Exception {
        WarmLibraries.loadOfJvm();
        memory();
        try {
            ProcessSeal.seal(arguments[0], -1);
        } catch (IOException cause) {
            if (!String.valueOf(cause.getMessage()).startsWith("capabilities are left")) {
                throw cause;
            }
        }
        List<byte[]> kept = new ArrayList<>();
        for (int i = 0; i < 320; i++) { // much of it garbage, some of it kept
            byte[] block = new byte[1 << 20];
            if (i % 16 == 0) {
                kept.add(block);
            }
        }
        for (int i = 0; i < kept.size(); i++) {
            Thread.ofPlatform().start(() -> {}).join();
        }
        memory().forEach(System.out::println);
        Runtime.getRuntime().halt(0);
    }

    private static List<String> memory() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/status")));
        lines.addAll(Files.readAllLines(Path.of("/proc/self/smaps_rollup")));
        lines.removeIf(line -> !line.matches("(VmLck|Pss|Locked|Seccomp):.*"));
        return lines;
    }
}
