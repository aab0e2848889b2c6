package io.skewer.cli.confinement;

import java.util.ArrayList;
import java.util.List;

/** A kernel that answers a system call differently: words before a command, because it is strace that does it. */
final class ChangedKernel {
    private ChangedKernel() {}

    /** For the process and all that it starts. */
    static List<String> forAll(String call, String how) {
        List<String> words = new ArrayList<>(forOneProcess(call, how));
        words.addAll(1, List.of("-f", "--seccomp-bpf"));
        return words;
    }

    static List<String> forOneProcess(String call, String how) {
        return List.of("strace", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e", "inject=" + call + ":" + how);
    }
}
