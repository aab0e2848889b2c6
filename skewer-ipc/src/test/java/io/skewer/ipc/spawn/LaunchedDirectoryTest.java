package io.skewer.ipc.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Directories that the supervisor or the command line names, and what the launcher makes of them. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class LaunchedDirectoryTest {
    private static final String PREPARED = "prepared";
    private static final int USER = 65534;
    private static final int STRANGER = 65533;

    @TempDir
    static Path home;

    @TempDir
    Path directory;

    private static LaunchedSupervisor start() throws IOException {
        String user = Integer.toString(USER);
        return isRoot() ? LaunchedSupervisor.start(home, "--uid", user, "--gid", user) : LaunchedSupervisor.start(home);
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** PREPARE with all layers given up. @return what the launcher says against it */
    private static String prepare(LaunchedSupervisor skewer, String path) throws Exception {
        return prepare(skewer, path, "0f");
    }

    private static String prepare(LaunchedSupervisor skewer, String path, String absent) throws Exception {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        HexFormat hex = HexFormat.of();
        String length = hex.toHexDigits((byte) bytes.length) + hex.toHexDigits((byte) (bytes.length >> 8));
        byte[] answer = hex.parseHex(
                skewer.tell("raw", "0401000009000000" + absent + "000000" + length + hex.formatHex(bytes)));
        return answer[0] == 71 ? PREPARED : new String(answer, 14, answer.length - 14, StandardCharsets.UTF_8);
    }

    @Test
    void aDirectoryThatIsRefusedIsNotMade() throws Exception {
        String name = "skewer-refused-" + ProcessHandle.current().pid();
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/etc"));
        List<String> places = new ArrayList<>();
        for (String tree :
                List.of("/etc", "/run", "/root", "/usr/share", "/boot", "/var/spool", "//etc//.", "/srv/../etc")) {
            places.add(tree + "/" + name);
        }
        places.add(link + "/" + name);
        try (var skewer = start()) {
            for (String place : places) {
                assertThat(prepare(skewer, place)).contains("is a directory of the system");
                assertThat(Path.of(place)).doesNotExist();
            }
            for (Path own :
                    List.of(home.resolve("home"), home.resolve("home/classes").resolve(name))) {
                assertThat(prepare(skewer, own.toString())).contains("must not lie in each other");
            }
            assertThat(home.resolve("home/classes").resolve(name)).doesNotExist();
            assertThat(prepare(skewer, directory + "/absent/../" + name)).contains("goes back from what is not there");
            Files.createSymbolicLink(directory.resolve("dangling"), Path.of("/etc/" + name));
            assertThat(prepare(skewer, directory + "/dangling")).contains("No such file or directory");
            assertThat(Path.of("/etc/" + name)).doesNotExist();
            assertThat(prepare(skewer, "relative")).contains("is no absolute path");
        }
    }

    @Test
    void rootMakesNothingWhereUsersAndPackagesHaveTheirs() throws Exception {
        assumeThat(isRoot()).isTrue();
        String name = "skewer-refused-" + ProcessHandle.current().pid();
        Path strangers = Files.createDirectory(directory.resolve("strangers"));
        Files.setAttribute(strangers, "unix:uid", STRANGER);
        try (var skewer = start()) {
            for (String place : List.of("/home", "/var/lib", "/var/cache", strangers.toString())) {
                assertThat(prepare(skewer, place + "/" + name + "/messages"))
                        .contains("is not there, and skewer makes none in " + place);
                assertThat(Path.of(place, name)).doesNotExist();
            }
        }
    }

    @Test
    void aMissingDirectoryIsMadeForWhoWritesThere() throws Exception {
        Path real = Files.createDirectory(directory.resolve("real"));
        Files.createSymbolicLink(directory.resolve("link"), real);
        try (var skewer = start()) {
            assertThat(prepare(skewer, directory + "//link/a/b/")).isEqualTo(PREPARED);
        }
        for (Path made : List.of(real.resolve("a"), real.resolve("a/b"))) {
            Object owner = isRoot() ? USER : Files.getAttribute(directory, "unix:uid");
            assertThat(Files.getAttribute(made, "unix:uid")).isEqualTo(owner);
            assertThat((int) Files.getAttribute(made, "unix:mode") & 0777).isEqualTo(0750);
        }
    }

    @Test
    void theLogOfTheSupervisorHasTheSameRules() throws Exception {
        assertRulesOfTheLog(List.of(LaunchedSupervisor.launcher().toString()));
    }

    @Test
    void theLogOfTheSupervisorHasTheSameRulesForAnOrdinaryUser() throws Exception {
        assumeThat(isRoot()).as("else it is the same test").isTrue();
        try (var skewer = start()) {
            skewer.tell("pid"); // its copy of the launcher can be read by every user
        }
        Files.setAttribute(directory, "unix:uid", STRANGER);
        String user = Integer.toString(STRANGER);
        assertRulesOfTheLog(List.of(
                "setpriv",
                "--reuid=" + user,
                "--regid=" + user,
                "--clear-groups",
                home.resolve("home/native/skewer-launch").toString()));
    }

    private void assertRulesOfTheLog(List<String> launcher) throws Exception {
        Path config = Files.createDirectory(directory.resolve("config"));
        Path store = directory.resolve("store");
        String name = "skewer-refused-" + ProcessHandle.current().pid();
        for (Path own : List.of(config, config.resolve("log"), store.resolve("log"), directory)) {
            assertThat(start(launcher, config, store, own.resolve("skewer.log")))
                    .contains("must not lie in each other");
        }
        assertThat(config.resolve("log")).doesNotExist();
        assertThat(store.resolve("log")).doesNotExist();
        for (String system : List.of("/etc/" + name, "/run/" + name, "/var/log", "/")) {
            assertThat(start(launcher, config, store, Path.of(system, "skewer.log")))
                    .contains("is a directory of the system");
        }
        assertThat(Path.of("/etc", name)).doesNotExist();
        assertThat(start(launcher, config, store, directory.resolve("log/skewer.log")))
                .isEmpty();
    }

    /** The supervisor of these starts ends before it has asked for the confinement, as one that is refused does. */
    @Test
    void aStartThatIsRefusedTakesAwayWhatItMadeAndNothingElse() throws Exception {
        List<String> own = List.of(LaunchedSupervisor.launcher().toString());
        Path config = Files.createDirectory(directory.resolve("config"));
        Path there = Files.createDirectory(directory.resolve("there"));
        Path store = there.resolve("var/lib/store");
        assertThat(start(own, config, store, there.resolve("log/skewer/skewer.log")))
                .isEmpty();
        assertThat(there).isEmptyDirectory();
        assertThat(start(own, config, store, config.resolve("skewer.log"))).contains("must not lie in each other");
        assertThat(there).isEmptyDirectory();
        Files.createDirectory(there.resolve("var"));
        Files.writeString(Files.createDirectory(there.resolve("log")).resolve("mine"), "");
        assertThat(start(own, config, store, there.resolve("log/skewer.log"))).isEmpty();
        assertThat(there.resolve("var")).isEmptyDirectory();
        assertThat(there.resolve("log/mine")).exists();
    }

    @Test
    void aLayerThatIsMissingIsSaidBeforeAnythingIsMade() throws Exception {
        assumeThat(isRoot()).isTrue();
        Path messages = directory.resolve("messages");
        try (var skewer = LaunchedSupervisor.start(home)) {
            assertThat(prepare(skewer, messages.toString(), "00")).contains("root must be told whom to become");
            assertThat(messages).doesNotExist();
        }
    }

    @Test
    void theAdviceToGiveADirectoryAwayIsWholeOrNotThere() throws Exception {
        assumeThat(isRoot()).isTrue();
        List<String> own = List.of(LaunchedSupervisor.launcher().toString());
        Path odd = Files.createDirectory(directory.resolve("it's; odd"));
        assertThat(start(own, directory, odd, null, "--uid=65534", "--gid=65534"))
                .contains("chown -R 65534:65534 '" + odd.toString().replace("'", "'\\''") + "'\n");
        Path deep = Files.createDirectories(directory.resolve("deep".repeat(30)));
        assertThat(start(own, directory, deep, null, "--uid=65534", "--gid=65534"))
                .contains("belongs to user 0, but the store runs as user 65534")
                .doesNotContain("chown");
    }

    /** Starts a supervisor that does nothing and ends. @return what the launcher says against it */
    private static String start(List<String> launcher, Path config, Path store, @Nullable Path log, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of("/bin/true", "serve", "--config=" + config));
        command.add("--store=" + store);
        if (log != null) {
            command.add("--logfilename=" + log);
        }
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(said.isEmpty() ? 0 : 2);
        return said;
    }
}
