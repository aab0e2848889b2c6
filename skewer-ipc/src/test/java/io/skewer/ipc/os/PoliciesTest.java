package io.skewer.ipc.os;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The compiled policies against their sources, for both architectures: for each line a call that it decides, and the call altered so
 * that it does not. The programs are run by {@link FilterProgram}, so those for arm64 are judged on any machine.
 */
class PoliciesTest {
    private static final Map<String, Integer> ARCHITECTURES = Map.of("x86_64", 0xc000003e, "aarch64", 0xc00000b7);
    private static final List<String> ROLES =
            List.of("supervisor", "tcp", "udp", "relp", "store", "forward-kafka", "forward-file", "forward-stderr");
    private static final List<String> NEVER = List.of(
            "execve",
            "execveat",
            "fork",
            "vfork",
            "ptrace",
            "mount",
            "unshare",
            "setns",
            "bpf",
            "keyctl",
            "io_uring_setup",
            "userfaultfd",
            "perf_event_open",
            "memfd_create",
            "seccomp",
            "setuid",
            "capset",
            "init_module",
            "kexec_load",
            "personality",
            "process_vm_readv",
            "pidfd_open",
            "open_by_handle_at",
            "symlinkat",
            "linkat",
            "mknodat",
            "chroot",
            "pivot_root",
            "kill",
            "shmat",
            "pkey_mprotect");

    private final Map<String, FilterProgram> programs = FilterProgram.readAll();
    private final Map<String, Map<String, Integer>> numbers = FilterProgram.numbers();

    PoliciesTest() throws IOException {}

    private int judge(String role, String architecture, String call, long... arguments) {
        return program(role, architecture)
                .judge(
                        audit(architecture),
                        requireNonNull(numbersOf(architecture).get(call)),
                        arguments);
    }

    private FilterProgram program(String role, String architecture) {
        return requireNonNull(programs.get(role + " " + architecture));
    }

    private Map<String, Integer> numbersOf(String architecture) {
        return requireNonNull(numbers.get(architecture));
    }

    /** The number that the kernel shows to filters. */
    private static int audit(String architecture) {
        return requireNonNull(ARCHITECTURES.get(architecture));
    }

    @Test
    void everyRoleHasAProgramThatTheKernelTakes() {
        for (String architecture : ARCHITECTURES.keySet()) {
            for (String role : ROLES) {
                assertThat(programs).containsKey(role + " " + architecture);
                assertThat(program(role, architecture).length()).isLessThanOrEqualTo(4096);
            }
            assertThat(programs).containsKey("launch " + architecture);
        }
    }

    @Test
    void callsOfAnotherArchitectureKill() {
        programs.forEach((name, program) -> {
            int own = audit(name.substring(name.indexOf(' ') + 1));
            for (int other : List.of(0xc000003e, 0xc00000b7, 0x40000003, 0x40000028)) {
                if (other != own) {
                    assertThat(program.judge(other, 0)).as(name).isEqualTo(FilterProgram.KILL);
                }
            }
        });
        assertThat(program("tcp", "x86_64").judge(0xc000003e, 0x40000000)).isEqualTo(FilterProgram.KILL);
    }

    @Test
    void noRoleMayDoWhatOnlyAttackersDo() {
        for (String architecture : ARCHITECTURES.keySet()) {
            for (String role : ROLES) {
                for (String call : NEVER) {
                    if (numbersOf(architecture).containsKey(call)) {
                        assertThat(judge(role, architecture, call))
                                .as(role + " " + architecture + " " + call)
                                .isEqualTo(FilterProgram.TRAP);
                    }
                }
            }
        }
    }

    @Test
    void noRoleGetsExecutableMemory() {
        for (String architecture : ARCHITECTURES.keySet()) {
            for (String role : ROLES) {
                for (long protection : new long[] {4, 5, 6, 7, 0x1_0000_0004L}) {
                    assertThat(judge(role, architecture, "mmap", 0, 4096, protection))
                            .isEqualTo(FilterProgram.TRAP);
                    assertThat(judge(role, architecture, "mprotect", 0, 4096, protection))
                            .isEqualTo(FilterProgram.TRAP);
                }
                assertThat(judge(role, architecture, "mmap", 0, 4096, 3)).isEqualTo(FilterProgram.ALLOW);
            }
        }
    }

    @Test
    void onlyRolesWithADiskOpenFilesForWriting() {
        for (String architecture : ARCHITECTURES.keySet()) {
            for (String role : ROLES) {
                boolean writes = List.of("store", "forward-file", "supervisor").contains(role);
                for (long flags : new long[] {1, 2, 0x41, 0x200, 0x400, 0x410002}) {
                    assertThat(judge(role, architecture, "openat", -100, 0, flags))
                            .as(role + " opens with " + flags)
                            .isEqualTo(writes ? FilterProgram.ALLOW : FilterProgram.TRAP);
                }
                assertThat(judge(role, architecture, "openat", -100, 0, 0x80000))
                        .isEqualTo(FilterProgram.ALLOW);
            }
        }
    }

    @Test
    void onlyTheOutgoingRoleConnectsAndNobodyListens() {
        for (String architecture : ARCHITECTURES.keySet()) {
            for (String role : ROLES) {
                boolean outgoing = role.equals("forward-kafka");
                assertThat(judge(role, architecture, "connect"))
                        .isEqualTo(outgoing ? FilterProgram.ALLOW : FilterProgram.TRAP);
                assertThat(judge(role, architecture, "socket", 2, 1))
                        .isEqualTo(outgoing ? FilterProgram.ALLOW : FilterProgram.TRAP);
                assertThat(judge(role, architecture, "socket", 2, 3)).isEqualTo(FilterProgram.TRAP);
                assertThat(judge(role, architecture, "socket", 40, 1)).isEqualTo(FilterProgram.TRAP);
                assertThat(judge(role, architecture, "listen")).isEqualTo(FilterProgram.TRAP);
                assertThat(judge(role, architecture, "bind")).isEqualTo(FilterProgram.TRAP);
            }
        }
    }

    @Test
    void highBitsOfAnArgumentHelpNobody() {
        for (String architecture : ARCHITECTURES.keySet()) {
            long high = 1L << 32;
            assertThat(judge("launch", architecture, "ioctl", 0, high | 0x5412)).isEqualTo(FilterProgram.KILL);
            assertThat(judge("tcp", architecture, "prctl", high | 15)).isEqualTo(FilterProgram.TRAP);
            assertThat(judge("tcp", architecture, "prctl", 15)).isEqualTo(FilterProgram.ALLOW);
            assertThat(judge("tcp", architecture, "clone", high | 0x3d0f00)).isEqualTo(FilterProgram.TRAP);
            assertThat(judge("tcp", architecture, "prlimit64", 0, 7, high)).isEqualTo(FilterProgram.TRAP);
        }
    }
}
