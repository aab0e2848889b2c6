package io.skewer.ipc.os;

import java.io.IOException;

/**
 * The last and tightest layer of confinement, which a process puts around itself when it is warm: from then on it can make only the
 * system calls of its role ({@code native/policy}), in all threads and for good. No library can be loaded any more, and no process
 * of the same user can look into this one.
 *
 * <p>A call that the policy does not have ends the process with status {@value #EXIT_REFUSED}, after it told its number.
 */
public final class ProcessSeal {
    /** Exit status of a process that made a call which its policy does not have: 128 + SIGSYS. */
    public static final int EXIT_REFUSED = 159;

    /**
     * What a sealed process may map beyond what it has: for direct buffers as much as its heap, and this for thread stacks, arenas of the C
     * library and native libraries.
     */
    private static final long MORE_MEMORY_BYTES = 1L << 30;

    private ProcessSeal() {}

    private static final class Library {
        static {
            NativeLibrary.loadSeal();
        }

        static void load() {
            // The static block did it.
        }
    }

    /**
     * Seals this process and reads back that every thread is sealed.
     *
     * @param role names the policy
     * @param lastWords a descriptor over which the number of a refused call is told, or -1
     * @throws IOException when the process is not sealed completely; it must then end
     */
    public static void seal(String role, int lastWords) throws IOException {
        Library.load();
        // Loaded while that is still possible: what reads the state back runs under the filter.
        ProcessState.read();
        hide();
        // What may not be in swap: keys and messages. Where it is not allowed, the state of the process says so.
        lockMemory();
        limitMemory(Runtime.getRuntime().maxMemory() + MORE_MEMORY_BYTES);
        install(role, lastWords);
        ProcessState.read().requireSealed();
    }

    /** The name of a system call on this machine, for a number that a sealed process told. */
    public static String nameOfCall(int number) {
        Library.load();
        return callName(number);
    }

    private static native void hide() throws IOException;

    private static native void limitMemory(long moreBytes) throws IOException;

    private static native boolean lockMemory();

    private static native void install(String role, int lastWords) throws IOException;

    private static native String callName(int number);
}
