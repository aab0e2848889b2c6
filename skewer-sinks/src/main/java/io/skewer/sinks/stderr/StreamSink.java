package io.skewer.sinks.stderr;

import io.skewer.core.encode.Encoder;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.Batch;
import io.skewer.core.message.ByteBuilder;
import io.skewer.sinks.Backoff;
import io.skewer.sinks.Delivery;
import io.skewer.sinks.Failure;
import io.skewer.sinks.OpenRecords;
import io.skewer.sinks.Settler;
import io.skewer.sinks.Shipment;
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
    private final OpenRecords records;
    private final ByteBuilder lines = new ByteBuilder(64 * 1024);
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
    private boolean refusing;

    /** @param encoder of lines, {@link io.skewer.core.encode.Encoders#ofLines} */
    public StreamSink(OutputStream stream, Encoder encoder, Settler settler, Measures measures) {
        this.stream = stream;
        this.encoder = encoder;
        this.settler = settler;
        tally = new Tally(measures, "stderr");
        records = new OpenRecords(tally);
    }

    @Override
    public void send(Delivery delivery) throws InterruptedException {
        byte[] batch = delivery.batch();
        Shipment shipment =
                new Shipment(delivery, Batch.read(batch, 0, batch.length).count(), settler);
        int written = encode(shipment);
        if (written > 0) {
            write();
            tally.sent(written);
            shipment.delivered(0, shipment.count());
        }
    }

    /** @return how many lines are to be written */
    private int encode(Shipment shipment) {
        int written = 0;
        lines.clear();
        records.open(shipment);
        while (records.next()) {
            int start = lines.length();
            try {
                encoder.encode(records.record(), lines);
                lines.add('\n');
                written++;
            } catch (IllegalArgumentException cause) {
                lines.truncate(start);
                Failure failure = new Failure(Failure.Reason.ENCODING, "the record is damaged");
                tally.failed(failure);
                shipment.failed(records.index(), failure);
            }
        }
        return written;
    }

    private void write() throws InterruptedException {
        while (!tryWrite()) {
            backoff.pause();
            tally.retried();
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
    public long idle() {
        return NEVER_NS; // every batch is flushed at once
    }

    @Override
    public void close() {
        // The stream belongs to whoever gave it.
    }
}
