package io.skewer.cli.command;

import io.skewer.core.config.InvalidConfig;
import io.skewer.store.tool.StoreFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code skewer print-store}. */
@Command(
        name = "print-store",
        description =
                "Show how many messages wait for each destination, and the first of them. Works while the daemon runs.")
final class PrintStore implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private StoreAccess access = new StoreAccess();

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many messages (default: ${DEFAULT-VALUE}).")
    private int samples = 3;

    @Override
    public Integer call() throws IOException, InvalidConfig {
        Checks.notNegative(spec, "--samples", samples);
        StoreFiles files = access.readableFiles();
        StringBuilder text = new StringBuilder();
        Rows rows = new Rows();
        for (StoreFiles.Queue queue : files.queues()) {
            List<String> first = samples(files, queue);
            rows.add(new Rows.Row()
                    .with("destination", queue.destination())
                    .with("messages", queue.messages())
                    .with("batches", queue.batches())
                    .with("samples", access.json ? first : first.size()));
            first.forEach(line ->
                    text.append(queue.destination()).append(": ").append(line).append('\n'));
        }
        return Answer.print(spec, rows.text(access.json) + (access.json || text.isEmpty() ? "" : "\n" + text));
    }

    private List<String> samples(StoreFiles files, StoreFiles.Queue queue) throws IOException {
        List<String> lines = new ArrayList<>();
        Messages messages = new Messages("rfc5424");
        if (samples > 0 && queue.messages() > 0) {
            long start = queue.frontier().batch();
            files.read(start, (number, firstRecord, count, batch) -> {
                int from = number == start ? queue.frontier().record() : 0;
                messages.lines(batch, from, samples - lines.size(), lines::add);
                return lines.size() < samples;
            });
        }
        return lines;
    }
}
