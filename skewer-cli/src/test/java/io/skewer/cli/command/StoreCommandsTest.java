package io.skewer.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skewer.cli.role.StoreConfig;
import io.skewer.core.config.ConfigReader;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.Origin;
import io.skewer.store.Offer;
import io.skewer.store.Store;
import io.skewer.store.Subscription;
import io.skewer.store.deadletter.Refusal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands on a store of the test, while it runs in this process and after. */
@Timeout(60)
class StoreCommandsTest {
    private static final String SECRET = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=";
    private static final byte[] ORIGIN = new Origin("tcp", "192.0.2.7", 1514, "").toBytes();

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void configure() throws Exception {
        configure("file", "");
    }

    private void configure(String destination, String more) throws Exception {
        Files.writeString(
                directory.resolve("skewer.toml"),
                "[main]\ndestination = \"" + destination + "\"\n[store]\nsecret = \"" + SECRET + "\"\nmin_free = 0\n"
                        + more);
    }

    private Store open() throws Exception {
        return Store.open(
                directory.resolve("store"),
                StoreConfig.settings(new ConfigReader().read(directory)),
                new Measures(),
                cause -> {});
    }

    private static void keep(Store store, String... texts) throws Exception {
        BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1_000));
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            builder.begin(ORIGIN, 42).put(Field.MESSAGE, bytes, 0, bytes.length);
            builder.end();
        }
        CountDownLatch kept = new CountDownLatch(1);
        store.append(builder.seal().bytes(), "test", kept::countDown);
        assertThat(kept.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Makes dead letters of all messages that wait for "file". */
    private static void refuseAll(Store store) throws Exception {
        Subscription subscription = store.subscribe("file");
        for (Offer offer = subscription.poll(); offer != null; offer = subscription.poll()) {
            subscription.fail(offer.number(), 0, new Refusal(0, 1, "too long by far"));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (subscription.depthMessages() > 0 && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(subscription.depthMessages()).isZero();
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--config", directory.toString()));
        return runWithoutConfig(all);
    }

    private int runWithoutConfig(List<String> arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--store", directory.resolve("store").toString()));
        return new Skewer(options -> ExitCode.OK)
                .run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    }

    private String ok(String... arguments) {
        assertThat(run(arguments)).as(err.toString()).isZero();
        return out.toString();
    }

    @Test
    void aStoreWithoutASecretIsLookedAtWithoutAConfiguration() throws Exception {
        assumeThat(Path.of("/etc/skewer.toml")).doesNotExist();
        Files.writeString(directory.resolve("skewer.toml"), "[main]\ndestination = \"file\"\n[store]\nmin_free = 0\n");
        Store store = open();
        keep(store, "first", "second");
        store.close();
        assertThat(runWithoutConfig(List.of("print-store"))).as(err.toString()).isZero();
        assertThat(out.toString()).contains("first", "second");
        assertThat(runWithoutConfig(List.of("store", "repair")))
                .as("what changes the store needs to know all about it")
                .isEqualTo(ExitCode.CONFIGURATION);
    }

    @Test
    void aStoreWithASecretSaysThatTheConfigurationIsMissing() throws Exception {
        assumeThat(Path.of("/etc/skewer.toml")).doesNotExist();
        Store store = open();
        keep(store, "first");
        store.close();
        for (List<String> command :
                List.of(List.of("print-store"), List.of("store", "verify"), List.of("store", "ls"))) {
            assertThat(runWithoutConfig(command)).isEqualTo(ExitCode.CONFIGURATION);
            assertThat(err.toString()).contains("/etc/skewer.toml", "--config names another directory");
        }
    }

    @Test
    void aRunningStoreIsLookedIntoWithoutDisturbingIt() throws Exception {
        Store store = open();
        keep(store, "first", "second");
        assertThat(ok("store", "ls")).contains("0000000000000001.open", "open").doesNotContain("first");
        assertThat(ok("store", "stat")).contains("file", "2");
        assertThat(ok("print-store")).contains("file", "first", "second");
        assertThat(ok("print-store", "--json"))
                .startsWith("{\"destination\":\"file\",\"messages\":2,\"batches\":1,\"samples\":[\"");
        assertThat(ok("store", "cat", "--format", "json", "--limit", "1"))
                .contains("first")
                .doesNotContain("second");
        assertThat(ok("store", "cat", "--destination", "file").lines()).hasSize(2);
        assertThat(ok("store", "verify")).contains("0 places damaged; 1 batches with 2 records");
        store.close();
        assertThat(ok("store", "ls", "--json")).contains("\"condition\":\"sealed\"", "\"messages\":2");
    }

    @Test
    void aStoreOfAnotherSecretIsNotTakenForAnEmptyOne() throws Exception {
        Store store = open();
        keep(store, "first");
        store.close();
        Files.writeString(directory.resolve("skewer.toml"), "[main]\ndestination = \"file\"\n");
        for (List<String> command : List.of(
                List.of("store", "cat"),
                List.of("store", "stat"),
                List.of("store", "export", directory.resolve("export").toString()),
                List.of("print-store"),
                List.of("dead-letters", "ls"))) {
            assertThat(run(command.toArray(String[]::new)))
                    .as(command.toString())
                    .isEqualTo(ExitCode.FAILURE);
            assertThat(err.toString()).contains("store.secret does not fit");
        }
        assertThat(directory.resolve("export")).doesNotExist();
        assertThat(ok("store", "ls")).contains("other_secret");
        assertThat(run("store", "verify")).isEqualTo(ExitCode.FAILURE);
    }

    @Test
    void damageIsFoundAndSetAside() throws Exception {
        Store store = open();
        keep(store, "first");
        keep(store, "second");
        store.close();
        Path segment = directory.resolve("store/0000000000000001.seg");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[170] ^= 1;
        Files.write(segment, bytes);
        assertThat(run("store", "verify")).isEqualTo(ExitCode.FAILURE);
        assertThat(out.toString()).contains("0000000000000001.seg", "1 batches with 1 records");
        assertThat(run("store", "repair", "--dry-run")).isEqualTo(ExitCode.FAILURE);
        assertThat(out.toString()).contains("would be set aside");
        assertThat(directory.resolve("store/quarantine")).doesNotExist();
        assertThat(ok("store", "repair")).contains("set aside");
        try (Stream<Path> aside = Files.list(directory.resolve("store/quarantine"))) {
            assertThat(aside).hasSize(1);
        }
        assertThat(ok("store", "cat")).contains("second").doesNotContain("first");
    }

    @Test
    void whatIsExportedCanBeImportedElsewhere() throws Exception {
        Store store = open();
        keep(store, "first", "second");
        Path file = directory.resolve("export");
        assertThat(ok("store", "export", file.toString())).isEqualTo("exported 2 messages\n");
        assertThat(run("store", "import", file.toString())).isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString()).contains("in use by another process");
        store.close();
        assertThat(run("store", "export", file.toString()))
                .as("no file is overwritten")
                .isEqualTo(ExitCode.FAILURE);
        assertThat(ok("store", "import", file.toString())).isEqualTo("imported 2 messages\n");
        assertThat(ok("store", "cat").lines()).hasSize(4);
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 7, 8, 20, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(run("store", "import", file.toString()))
                    .as("cut at %d", length)
                    .isEqualTo(ExitCode.FAILURE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"block", "drop_newest", "drop_oldest"})
    void anImportThatDoesNotFitSaysSoAndDropsNothing(String policy) throws Exception {
        Store store = open();
        Random random = new Random(1);
        for (int i = 0; i < 80; i++) {
            byte[] incompressible = new byte[45_000];
            random.nextBytes(incompressible);
            keep(store, Base64.getEncoder().encodeToString(incompressible));
        }
        store.close();
        Path file = directory.resolve("export");
        assertThat(ok("store", "export", file.toString())).isEqualTo("exported 80 messages\n");
        configure("file", "segment_size = \"1MiB\"\nmax_size = \"3MiB\"\npolicy = \"" + policy + "\"\n");
        Files.move(directory.resolve("store"), directory.resolve("large"));
        Files.createDirectory(directory.resolve("store"));
        assertThat(run("store", "import", file.toString())).isEqualTo(ExitCode.FAILURE);
        Matcher said =
                Pattern.compile("the store is full: the first (\\d+) messages").matcher(err.toString());
        assertThat(said.find()).as(err.toString()).isTrue();
        assertThat(Integer.parseInt(said.group(1))).isBetween(10, 79);
        assertThat(ok("store", "cat").lines()).hasSize(Integer.parseInt(said.group(1)));
    }

    @Test
    void aDestinationIsForgottenOnlyWhenItIsNotConfigured() throws Exception {
        Store store = open();
        keep(store, "first");
        store.close();
        assertThat(run("store", "drop", "file")).isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString()).contains("is configured");
        configure("stderr", "");
        assertThat(ok("store", "drop", "file")).isEqualTo("forgot file\n");
        assertThat(ok("print-store")).doesNotContain("file");
        configure("kafka", "");
        Store running = open();
        assertThat(ok("store", "drop", "stderr")).isEqualTo("forgot stderr\n");
        running.close();
    }

    @Test
    void deadLettersAreListedShownReplayedAndDropped() throws Exception {
        Store store = open();
        keep(store, "bad one");
        keep(store, "bad two");
        refuseAll(store);
        assertThat(ok("dead-letters", "ls"))
                .contains("too_large", "192.0.2.7", "too long by far")
                .doesNotContain("bad one");
        assertThat(ok("dead-letters", "ls", "--reason", "refused", "--json")).isEmpty();
        assertThat(ok("dead-letters", "ls", "--sender", "192.0.2.7", "--json").lines())
                .hasSize(2);
        assertThat(ok("dead-letters", "show", "2")).contains("bad two").doesNotContain("bad one");
        assertThat(ok("dead-letters", "replay", "--dry-run")).isEqualTo("would offer 2 dead letters to file again\n");
        assertThat(ok("dead-letters", "replay", "1")).isEqualTo("offered 1 dead letters to file again\n");
        Offer again = store.subscribe("file").next();
        assertThat(again).isNotNull();
        assertThat(ok("dead-letters", "drop", "--dry-run", "2")).isEqualTo("would drop 1 dead letters\n");
        assertThat(ok("dead-letters", "drop", "2")).isEqualTo("dropped 1 dead letters\n");
        assertThat(ok("dead-letters", "ls", "--json").lines()).hasSize(1);
        for (String verb : List.of("show", "drop", "replay")) {
            assertThat(run("dead-letters", verb, "2")).isEqualTo(ExitCode.FAILURE);
            assertThat(err.toString()).contains("there is no such dead letter (any more): [2]");
        }
        assertThat(ok("store", "ls")).doesNotContain("-1");
        assertThat(ok("store", "ls", "--json")).contains("\"batches\":null,\"messages\":null");
        store.close();
        assertThat(run("dead-letters", "replay")).isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString()).contains("start it first");
        assertThat(run("dead-letters", "drop")).as("not all by accident").isEqualTo(ExitCode.USAGE);
        assertThat(ok("dead-letters", "drop", "--all")).isEqualTo("dropped 1 dead letters\n");
        for (String verb : List.of("ls", "show")) {
            assertThat(ok("dead-letters", verb)).isEmpty();
            assertThat(err.toString()).isEqualToIgnoringNewLines("no dead letters");
            assertThat(ok("dead-letters", verb, "--json")).isEmpty();
            assertThat(err.toString()).isEmpty();
        }
    }

    @Test
    void aDirectoryWithoutAStoreIsRefusedLikeNone() throws Exception {
        Files.createDirectory(directory.resolve("store"));
        for (String verb : List.of("ls", "stat", "cat", "verify")) {
            assertThat(run("store", verb)).isEqualTo(ExitCode.FAILURE);
            assertThat(err.toString()).contains("there is no store in " + directory.resolve("store"));
        }
    }

    @Test
    void aFileThatCannotBeImportedIsNamedWithTheReason() throws Exception {
        open().close();
        Path absent = directory.resolve("absent");
        assertThat(run("store", "import", absent.toString())).isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines("skewer: " + absent + ": there is no such file or directory");
    }

    @Test
    void mistakesAreSaidInASentence() throws Exception {
        assertThat(run("store", "ls")).isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString()).contains("there is no store in").doesNotContain("\tat ");
        open().close();
        assertThat(run("dead-letters", "ls", "--reason", "boredom")).isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString()).contains("known are too_large");
        assertThat(run("dead-letters", "ls", "--since", "yesterday")).isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString()).contains("is no time");
        assertThat(run("store", "cat", "--destination", "nowhere")).isEqualTo(ExitCode.FAILURE);
        assertThat(run("store")).isEqualTo(ExitCode.USAGE);
        assertThat(run("store", "cat", "--format", "nonsense")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("json, fulljson, rfc5424, rfc3164 and file");
        assertThat(run("store", "cat", "--limit", "-1")).isEqualTo(ExitCode.USAGE);
        assertThat(run("print-store", "--samples", "-1")).isEqualTo(ExitCode.USAGE);
        assertThat(run("dead-letters", "ls", "--limit", "-1")).isEqualTo(ExitCode.USAGE);
        assertThat(run("dead-letters", "replay", "--rate", "0")).isEqualTo(ExitCode.USAGE);
    }
}
