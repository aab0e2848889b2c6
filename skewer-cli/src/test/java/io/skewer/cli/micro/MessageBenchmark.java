package io.skewer.cli.micro;

import io.skewer.core.decode.Decoder;
import io.skewer.core.encode.Encoder;
import io.skewer.core.encode.Encoders;
import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.BatchReader;
import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.RecordWriter;
import io.skewer.core.message.SealedBatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One message of 256 bytes: parsed into a record, written without parsing, encoded; and a full batch of them, compressed. */
@State(Scope.Thread)
public class MessageBenchmark {
    private final BatchBuilder builder = Samples.builder();
    private final BatchBuilder full = Samples.builder();
    private final Decoder rfc5424 = Samples.decoder("rfc5424");
    private final Decoder rfc3164 = Samples.decoder("rfc3164");
    private final Decoder auto = Samples.decoder("auto");
    private final Encoder json = Encoders.of("json", true);
    private final Encoder file = Encoders.ofLines("file", true);
    private final ByteBuilder out = new ByteBuilder(4096);
    private final BatchReader reader = new BatchReader();

    /** Opens a batch at its first record. */
    @Setup
    public void open() {
        byte[] batch = Samples.batch();
        reader.open(batch, 0, batch.length);
        reader.next();
    }

    /** RFC 5424 with structured data, the format given. */
    @Benchmark
    public void parse5424() {
        parse(rfc5424, Samples.RFC5424);
    }

    /** RFC 3164, the format given. */
    @Benchmark
    public void parse3164() {
        parse(rfc3164, Samples.RFC3164);
    }

    /** RFC 5424, the format found out. */
    @Benchmark
    public void parseAuto5424() {
        parse(auto, Samples.RFC5424);
    }

    /** RFC 3164, the format found out. */
    @Benchmark
    public void parseAuto3164() {
        parse(auto, Samples.RFC3164);
    }

    private void parse(Decoder decoder, byte[] frame) {
        decoder.decode(frame, 0, frame.length, builder.begin(Samples.ORIGIN, Samples.RECEIVED_NS));
        builder.abandon();
    }

    /** Head, id and six fields, without looking at what they hold. */
    @Benchmark
    public void writeRecord() {
        RecordWriter record = builder.begin(Samples.ORIGIN, Samples.RECEIVED_NS);
        record.priority(20, 5);
        record.reportedNs(Samples.RECEIVED_NS);
        record.put(Field.HOST, Samples.RFC5424, 35, 18);
        record.put(Field.APP, Samples.RFC5424, 54, 5);
        record.put(Field.PROCID, Samples.RFC5424, 60, 4);
        record.put(Field.MSGID, Samples.RFC5424, 65, 4);
        record.put(Field.MESSAGE, Samples.RFC5424, 140, 116);
        builder.abandon();
    }

    /** Parses messages until a batch of 256 KiB is full, and compresses it. */
    @Benchmark
    public SealedBatch fillAndSealBatch() {
        while (!full.isFull()) {
            Samples.add(full, rfc5424);
        }
        return full.seal();
    }

    /** As for Kafka. */
    @Benchmark
    public ByteBuilder encodeJson() {
        out.clear();
        json.encode(reader.record(), out);
        return out;
    }

    /** As for a file. */
    @Benchmark
    public ByteBuilder encodeFile() {
        out.clear();
        file.encode(reader.record(), out);
        return out;
    }
}
