package io.skewer.cli.command;

import io.skewer.core.config.InvalidConfig;
import io.skewer.core.measure.Measures;
import io.skewer.store.Store;
import io.skewer.store.deadletter.LetterLog;
import io.skewer.store.frontier.StateFile;
import io.skewer.store.frontier.StoreState;
import io.skewer.store.order.Order;
import io.skewer.store.recover.Quarantine;
import io.skewer.store.segment.SegmentEnd;
import io.skewer.store.segment.SegmentHeader;
import io.skewer.store.tool.ExportFile;
import io.skewer.store.tool.StoreFiles;
import io.skewer.store.tool.Verification;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skewer store}: the files of the store. */
@Command(
        name = "store",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Look into the store, check it, move it.",
            "Everything but repair, import and drop only reads, and works while the daemon runs."
        })
final class StoreCommand {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(name = "ls", description = "List the segments.")
    int ls(@Mixin StoreAccess access) throws IOException, InvalidConfig {
        Rows rows = new Rows();
        for (StoreFiles.SegmentFile file : access.files().list()) {
            rows.add(new Rows.Row()
                    .with("file", file.file())
                    .with("condition", file.condition().name().toLowerCase(java.util.Locale.ROOT))
                    .with("bytes", file.bytes())
                    .with(
                            "first_batch",
                            file.header().<Object>map(SegmentHeader::firstBatch).orElse(Rows.UNKNOWN))
                    .with("batches", file.end().<Object>map(SegmentEnd::batches).orElse(Rows.UNKNOWN))
                    .with("messages", messages(file))
                    .with("key", key(file)));
        }
        return Answer.print(spec, rows.text(access.json));
    }

    /** Known only of a file that is closed. */
    private static Object messages(StoreFiles.SegmentFile file) {
        return file.end().isPresent() && file.header().isPresent()
                ? file.end().get().nextRecord() - file.header().get().firstRecord()
                : Rows.UNKNOWN;
    }

    private static String key(StoreFiles.SegmentFile file) {
        return file.header()
                .map(header -> header.keyId() == 0 ? "none" : Long.toHexString(header.keyId()))
                .orElse("?");
    }

    @Command(name = "stat", description = "Show what is stored, and what waits for each destination.")
    int stat(@Mixin StoreAccess access) throws IOException, InvalidConfig {
        StoreFiles files = access.readableFiles();
        long bytes = 0;
        int segments = 0;
        for (StoreFiles.SegmentFile file : files.list()) {
            bytes += file.bytes();
            segments++;
        }
        Rows store = new Rows();
        Rows.Row row = new Rows.Row().with("segments", segments).with("bytes", bytes);
        if (files.state() instanceof StateFile.Reading.Found(StoreState state)) {
            row.with("store", state.store())
                    .with("generation", state.generation())
                    .with("closed_in_order", state.clean())
                    .with("next_batch", files.end(state).batch());
        } else {
            row.with("store", "the state cannot be read");
        }
        store.add(row);
        Rows queues = new Rows();
        for (StoreFiles.Queue queue : files.queues()) {
            queues.add(new Rows.Row()
                    .with("destination", queue.destination())
                    .with("messages", queue.messages())
                    .with("batches", queue.batches())
                    .with("from_batch", queue.frontier().batch()));
        }
        return Answer.print(spec, store.text(access.json) + (access.json ? "" : "\n") + queues.text(access.json));
    }

    @Command(
            name = "cat",
            description = {
                "Print stored messages.",
                "Without --destination also those that are delivered and whose segment is still there."
            })
    int cat(
            @Mixin StoreAccess access,
            @Option(
                            names = "--destination",
                            paramLabel = "DEST",
                            description = "Only what this destination has not settled.")
                    @Nullable
                    String destination,
            @Option(names = "--from", paramLabel = "BATCH", defaultValue = "1", description = "Begin with this batch.")
                    long from,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "9223372036854775807",
                            description = "Print no more messages.")
                    long limit,
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            defaultValue = "fulljson",
                            description = "json, fulljson, rfc5424, rfc3164 or file (default: ${DEFAULT-VALUE}).")
                    String format)
            throws IOException, InvalidConfig {
        Checks.notNegative(spec, "--limit", limit);
        StoreFiles files = access.readableFiles();
        long first = from;
        int record = 0;
        if (destination != null) {
            StoreFiles.Queue queue = queue(files, destination);
            first = Math.max(from, queue.frontier().batch());
            record = first == queue.frontier().batch() ? queue.frontier().record() : 0;
        }
        PrintWriter out = spec.commandLine().getOut();
        Messages messages = Messages.of(format, spec);
        long start = first;
        int startRecord = record;
        long[] left = {limit};
        files.read(first, (number, firstRecord, count, batch) -> {
            left[0] -= messages.lines(batch, number == start ? startRecord : 0, left[0], out::println);
            return left[0] > 0 && !out.checkError();
        });
        return Answer.print(spec, "");
    }

    private static StoreFiles.Queue queue(StoreFiles files, String destination) throws IOException {
        return files.queues().stream()
                .filter(each -> each.destination().equals(destination))
                .findFirst()
                .orElseThrow(() -> new IOException("the store knows no destination " + destination));
    }

    @Command(
            name = "verify",
            description = "Read everything and open every batch; exit code 1 when something is damaged.")
    int verify(@Mixin StoreAccess access) throws IOException, InvalidConfig {
        return report(access, new Verification(access.readableFiles(), (where, from, to, why) -> {}).run(), "found");
    }

    @Command(
            name = "repair",
            description = {
                "Set aside what is damaged, and close what was being written, as the daemon does at its start.",
                "The daemon must not run. Bytes that are set aside are in the folder quarantine of the store."
            })
    int repair(
            @Mixin StoreAccess access,
            @Option(names = "--dry-run", description = "Only say what is damaged.") boolean dryRun)
            throws IOException, InvalidConfig, InterruptedException {
        if (dryRun) {
            return report(
                    access,
                    new Verification(access.readableFiles(), (where, from, to, why) -> {}).run(),
                    "would be set aside");
        }
        Verification.Report before = new Verification(access.files(), (where, from, to, why) -> {}).run();
        Store store = access.open();
        store.close();
        Quarantine quarantine = new Quarantine(access.disk(), new Measures());
        new Verification(access.files(), quarantine).run();
        report(access, before, "set aside");
        return ExitCode.OK;
    }

    private int report(StoreAccess access, Verification.Report report, String done) {
        Rows rows = new Rows();
        for (Verification.Finding finding : report.findings()) {
            rows.add(new Rows.Row()
                    .with("file", finding.file())
                    .with("from", finding.from())
                    .with("to", finding.to())
                    .with("what", finding.what())
                    .with("done", done));
        }
        if (!access.json) {
            rows.text(false).lines().forEach(line -> spec.commandLine().getOut().println(line));
            int answer = Answer.print(
                    spec,
                    report.findings().size() + " places damaged; " + report.batches() + " batches with "
                            + report.records()
                            + " records are sound (messages, dead letters, and what became of dead letters)\n");
            return answer == ExitCode.OK && !report.findings().isEmpty() ? ExitCode.FAILURE : answer;
        }
        int answer = Answer.print(spec, rows.text(true));
        return answer == ExitCode.OK && !report.findings().isEmpty() ? ExitCode.FAILURE : answer;
    }

    @Command(
            name = "export",
            description = {
                "Write all stored messages to a new file, NOT encrypted, for 'skewer store import'.",
                "Among them are delivered ones whose segment is still there; dead letters are not."
            })
    int export(
            @Mixin StoreAccess access,
            @Parameters(paramLabel = "FILE", description = "The new file.") Path file,
            @Option(names = "--from", paramLabel = "BATCH", defaultValue = "1", description = "Begin with this batch.")
                    long from)
            throws IOException, InvalidConfig {
        StoreFiles files = access.readableFiles();
        if (Files.exists(file)) {
            throw new IOException(file + " exists already; export writes new files only");
        }
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(Set.of(
                        java.nio.file.attribute.PosixFilePermission.OWNER_READ,
                        java.nio.file.attribute.PosixFilePermission.OWNER_WRITE)));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.WRITE))) {
            ExportFile.Contents contents = ExportFile.write(files, from, out);
            return Answer.print(spec, "exported " + contents.records() + " messages\n");
        }
    }

    @Command(
            name = "import",
            description = {
                "Append the messages of an exported file; all configured destinations get them. The daemon must not run.",
                "Ends with exit code 1 when the store is full; nothing is dropped, whatever store.policy is."
            })
    int importFile(
            @Mixin StoreAccess access,
            @Parameters(paramLabel = "FILE", description = "What 'skewer store export' wrote.") Path file)
            throws IOException, InvalidConfig, InterruptedException {
        AtomicBoolean failed = new AtomicBoolean();
        Store store = access.openForImport(cause -> failed.set(true));
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return Answer.print(spec, "imported " + new StoreImport(store, failed).run(in) + " messages\n");
        } finally {
            store.close();
        }
    }

    @Command(
            name = "drop",
            description = "Forget a destination that is not configured any more, and all that only it still needed.")
    int drop(@Mixin StoreAccess access, @Parameters(paramLabel = "DEST") String destination)
            throws IOException, InvalidConfig, InterruptedException {
        return Answer.print(spec, access.execute(new Order.DropDestination(destination)) + "\n");
    }

    /** Where the index of dead letters is. */
    static Path index(StoreAccess access) throws IOException {
        return access.directory().resolve(LetterLog.FOLDER).resolve("index");
    }
}
