package io.skewer.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StatusTest {
    private static final String NONE = "0000000000000000";

    @TempDir
    private Path proc;

    private String status(String... args) throws IOException {
        Path passwd = Files.writeString(proc.resolve("passwd"), "root:x:0:0::/:\nbroken\nskewer:x:64000:64000::/:\n");
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new Status(proc, passwd)).setOut(new PrintWriter(out));
        assertThat(command.execute(args)).isZero();
        return out.toString();
    }

    private void process(String directory, String title, int uid, String capabilities, int filters) throws IOException {
        Path process = Files.createDirectories(proc.resolve(directory));
        Files.writeString(process.resolve("cmdline"), title + "\0-Xmx64m\0");
        String status = "Uid:\t0\t" + uid + "\t0\t0\nCapPrm:\t" + capabilities + "\nCapBnd:\t" + NONE
                + "\nSeccomp:\t2\nSeccomp_filters:\t" + filters + "\nNoNewPrivs:\t1\nVmLck:\t0 kB\n";
        Files.writeString(process.resolve("status"), status);
        Files.writeString(Files.createDirectories(process.resolve("task/1")).resolve("status"), status);
        Files.writeString(Files.createDirectories(process.resolve("fd")).resolve("0"), "");
        Path namespaces = Files.createDirectories(process.resolve("ns"));
        for (String kind : new String[] {"mnt", "pid", "net", "ipc", "uts", "user"}) {
            Files.createSymbolicLink(namespaces.resolve(kind), Path.of(kind + ":[40265" + directory.length() + "]"));
        }
    }

    @Test
    void whatEachProcessLacksFitsIntoATerminal() throws IOException {
        process("self", "bash", 1000, NONE, 0);
        process("4194303", "/opt/skewer/lib/skewer-launch", 0, "00000000002000c0", 1);
        process("4194304", "skewer-forward-stderr", 64000, NONE, 2);
        process("14", "skewer-tcp", 64001, NONE, 1);
        process("15", "postgres", 64001, NONE, 1);

        assertThat(status()).isEqualTo("""
                    PID  PROCESS                USER            FDS  SWAP      HOST_PRIVILEGES  OFF
                     14  skewer-tcp             64001             1  possible  none             seal
                4194303  skewer-launch          root (0)          1  possible  root             -
                4194304  skewer-forward-stderr  skewer (64000)    1  possible  none             none
                """);
    }

    @Test
    void programsGetAllThatTheKernelSays() throws IOException {
        process("self", "bash", 1000, NONE, 0);
        process("14", "skewer-tcp", 64001, NONE, 2);

        assertThat(status("--json"))
                .isEqualTo(
                        "{\"pid\":14,\"process\":\"skewer-tcp\",\"user\":null,\"uid\":64001,\"capabilities\":\"" + NONE
                                + "/" + NONE + "\",\"seccomp\":[\"2\"],\"filters\":2,\"no_new_privs\":true,\"fds\":1,"
                                + "\"swap\":\"possible\",\"namespaces\":[\"ipc:402652\",\"mnt:402652\",\"net:402652\","
                                + "\"pid:402652\",\"user:402652\",\"uts:402652\"],\"host_privileges\":\"none\",\"off\":[]}\n");
    }

    @Test
    void nothingThatRunsIsSaidToPeopleOnly() throws IOException {
        process("self", "bash", 1000, NONE, 0);

        assertThat(status()).isEqualTo("skewer does not run\n");
        assertThat(status("--json")).isEmpty();
    }
}
