package io.skewer.sinks.catalog;

import io.skewer.core.config.Destinations;
import io.skewer.core.config.SkewerConfig;
import io.skewer.core.encode.Encoders;
import io.skewer.core.measure.Measures;
import io.skewer.core.template.TemplateSyntax;
import io.skewer.sinks.Settler;
import io.skewer.sinks.Sink;
import io.skewer.sinks.file.FileSink;
import io.skewer.sinks.kafka.KafkaSink;
import io.skewer.sinks.stderr.StreamSink;
import java.io.FileDescriptor;
import java.io.FileOutputStream;

/** Builds the sink of a destination from the configuration. */
public final class Sinks {
    private Sinks() {}

    /**
     * @param destination one of {@link Destinations#ALL}
     * @throws IllegalArgumentException for another name, or settings that the sink cannot work with
     */
    public static Sink of(String destination, SkewerConfig config, Settler settler, Measures measures) {
        boolean addMissingMsgid = config.store().addMissingMsgid();
        return switch (destination) {
            case Destinations.KAFKA ->
                new KafkaSink(
                        config.kafkaDestination(),
                        Encoders.of(config.kafkaDestination().format(), addMissingMsgid),
                        settler,
                        measures);
            case Destinations.FILE -> fileSink(config, settler, measures);
            case Destinations.STDERR -> stream(FileDescriptor.err, config, settler, measures);
            default -> throw new IllegalArgumentException("no destination " + destination);
        };
    }

    /** Lines on standard output, in the format of the stderr destination. */
    public static Sink toStdout(SkewerConfig config, Settler settler, Measures measures) {
        return stream(FileDescriptor.out, config, settler, measures);
    }

    private static Sink stream(FileDescriptor where, SkewerConfig config, Settler settler, Measures measures) {
        return new StreamSink(
                new FileOutputStream(where),
                Encoders.ofLines(
                        config.stderrDestination().format(), config.store().addMissingMsgid()),
                settler,
                measures);
    }

    private static Sink fileSink(SkewerConfig config, Settler settler, Measures measures) {
        try {
            return new FileSink(
                    config.fileDestination(),
                    Encoders.ofLines(
                            config.fileDestination().format(), config.store().addMissingMsgid()),
                    settler,
                    measures);
        } catch (TemplateSyntax cause) {
            throw new IllegalArgumentException("file_destination.filename: " + cause.getMessage(), cause);
        }
    }
}
