package io.skewer.sinks.stderr;

import io.skewer.core.encode.Encoder;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.BatchReader;
import io.skewer.core.message.ByteBuilder;
import io.skewer.sinks.Backoff;
import io.skewer.sinks.Delivery;
import io.skewer.sinks.Settler;
import io.skewer.sinks.Sink;
import io.skewer.sinks.Tally;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each message as a line to a stream and flushes per batch. When the stream refuses, the whole batch is written again after a
 * pause: a stream does not say how far it came. Belongs to one thread.
 */
public final class StreamSink implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSink.class);

    private final OutputStream stream;
    private final Encoder encoder;
    private final Settler settler;
    private final Tally tally;
    private final BatchReader reader = new BatchReader();
    private final ByteBuilder lines = new ByteBuilder(64 * 1024);
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
    private boolean refusing;

    /** @param encoder of lines, {@link io.skewer.core.encode.Encoders#ofLines} */
    public StreamSink(OutputStream stream, Encoder encoder, Settler settler, Measures measures) {
        this.stream = stream;
        this.encoder = encoder;
        this.settler = settler;
        tally = new Tally(measures, "stderr");
    }

    @Override
    public void send(Delivery delivery) throws InterruptedException {
        int count = encode(delivery);
        if (count > delivery.firstRecord()) {
            write();
            tally.sent(count - delivery.firstRecord());
            settler.delivered(delivery.number(), delivery.firstRecord(), count);
        }
    }

    private int encode(Delivery delivery) {
        lines.clear();
        reader.open(delivery.batch(), 0, delivery.batch().length);
        while (reader.next()) {
            if (reader.index() >= delivery.firstRecord()) {
                encoder.encode(reader.record(), lines);
                lines.add('\n');
            }
        }
        return reader.index() + 1;
    }

    private void write() throws InterruptedException {
        while (!tryWrite()) {
            backoff.pause();
        }
        backoff.reset();
    }

    private boolean tryWrite() {
        try {
            stream.write(lines.array(), 0, lines.length());
            stream.flush();
        } catch (IOException cause) {
            if (!refusing) {
                LOG.atWarn()
                        .setMessage("stream.refusing")
                        .addKeyValue("reason", cause.getMessage())
                        .log();
            }
            refusing = true;
            return false;
        }
        if (refusing) {
            LOG.atInfo().setMessage("stream.writing").log();
        }
        refusing = false;
        return true;
    }

    @Override
    public void idle() {
        // Every batch is flushed at once.
    }

    @Override
    public void close() {
        // The stream belongs to whoever gave it.
    }
}
