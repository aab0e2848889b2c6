package io.skewer.core.source;

import io.skewer.core.decode.Decoder;
import io.skewer.core.measure.Counter;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.Field;
import io.skewer.core.message.ParseStatus;
import io.skewer.core.message.RecordView;
import io.skewer.core.message.RecordWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The straight line of a message inside a listener: a frame comes in, is parsed, judged, and stands in the batch. One for each
 * listening socket and event loop, used on that event loop.
 */
public final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final Lane lane;
    private final BatchAssembler assembler;
    private final Decoder decoder;
    private final Namer topic;
    private final Namer key;
    private final boolean unnamed;
    private final Counter messagesTotal;
    private final Counter bytesTotal;
    private final Counter faultsTotal;
    private final Counter[] parsedTotal;
    private final long[] parsed;
    private final Occasionally faultLog = new Occasionally();
    private long bytes;
    private long refused;

    public Intake(Lane lane, String source, String listener, Treatment treatment) {
        this.lane = lane;
        assembler = lane.assembler();
        decoder = treatment.decoder().get();
        topic = treatment.topic().get();
        key = treatment.key().get();
        unnamed = topic.equals(Namer.NONE) && key.equals(Namer.NONE);
        Measures measures = lane.context().measures();
        messagesTotal = measures.counter(
                "skewer_received_messages_total", "Messages received.", "source", source, "listener", listener);
        bytesTotal = measures.counter(
                "skewer_received_bytes_total", "Bytes of messages received.", "source", source, "listener", listener);
        faultsTotal = measures.counter(
                "skewer_protocol_errors_total", "What senders did wrong.", "source", source, "reason", "decoder_fault");
        ParseStatus[] all = ParseStatus.values();
        parsed = new long[all.length];
        parsedTotal = new Counter[all.length];
        for (ParseStatus status : all) {
            parsedTotal[status.ordinal()] = measures.counter(
                    "skewer_parsed_messages_total",
                    "Messages by how well they were understood.",
                    "source",
                    source,
                    "status",
                    status.label());
        }
    }

    public Lane lane() {
        return lane;
    }

    /** Takes one frame, which is at least one byte long, into the batch being filled. */
    public void accept(byte[] frame, int offset, int length, byte[] origin) {
        RecordWriter record = assembler.begin(origin, lane.burstNs());
        try {
            decoder.decode(frame, offset, length, record);
            if (!unnamed) {
                name(record);
            }
        } catch (RuntimeException fault) {
            keepRaw(frame, offset, length, record, fault);
        }
        parsed[record.parseStatus().ordinal()]++;
        bytes += length;
        assembler.end();
    }

    /** A message was received that goes no further; the caller counts why. */
    public void refused() {
        refused++;
    }

    /** To be called after each burst. */
    public void count() {
        long messages = refused;
        refused = 0;
        for (int i = 0; i < parsed.length; i++) {
            if (parsed[i] != 0) {
                messages += parsed[i];
                parsedTotal[i].add(parsed[i]);
                parsed[i] = 0;
            }
        }
        if (messages != 0) {
            messagesTotal.add(messages);
            bytesTotal.add(bytes);
            bytes = 0;
        }
    }

    /** A decoder must not throw. When one has the fault to do so, the sender of that frame must not be able to end the process with it. */
    private void keepRaw(byte[] frame, int offset, int length, RecordWriter record, RuntimeException fault) {
        faultsTotal.increment();
        faultLog.say(times -> LOG.atError()
                .setMessage("source.decoder_fault")
                .addKeyValue("times", times)
                .setCause(fault)
                .log());
        record.restart();
        record.parseStatus(ParseStatus.RAW);
        record.put(Field.MESSAGE, frame, offset, length);
    }

    private void name(RecordWriter record) {
        RecordView look = assembler.look();
        topic.name(look, record.open(Field.TOPIC));
        record.close(Field.TOPIC);
        key.name(look, record.open(Field.KEY));
        record.close(Field.KEY);
    }
}
