package io.skewer.cli.command;

import io.skewer.core.encode.Encoder;
import io.skewer.core.encode.Encoders;
import io.skewer.core.message.BatchReader;
import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.RecordView;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Stored messages as lines of text. Used by one thread. */
final class Messages {
    private final Encoder encoder;
    private final BatchReader reader = new BatchReader();
    private final ByteBuilder out = new ByteBuilder(4096);

    /** @param format as of a destination */
    Messages(String format) {
        encoder = Encoders.ofLines(format, false);
    }

    /** The same for what stands in a command line. */
    static Messages of(String format, CommandSpec spec) {
        try {
            return new Messages(format);
        } catch (IllegalArgumentException unknown) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--format: " + unknown.getMessage() + "; there are json, fulljson, rfc5424, rfc3164 and file",
                    unknown);
        }
    }

    /**
     * The messages of a batch, from a record on.
     *
     * @param limit how many at most
     * @return how many there were
     */
    long lines(byte[] batch, int from, long limit, Consumer<String> lines) {
        reader.open(batch, 0, batch.length);
        long count = 0;
        while (count < limit && reader.next()) {
            if (reader.index() >= from) {
                lines.accept(line(reader.record()));
                count++;
            }
        }
        return count;
    }

    String line(byte[] record) {
        return line(new RecordView().wrap(record, 0, record.length));
    }

    private String line(RecordView record) {
        out.clear();
        encoder.encode(record, out);
        return out.toString();
    }
}
