package io.skewer.cli.micro;

import io.skewer.core.config.Decoding;
import io.skewer.core.decode.Decoder;
import io.skewer.core.decode.Decoders;
import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.Origin;
import java.nio.charset.StandardCharsets;

/** What the benchmarks work on: messages of 256 bytes, as in the rows of the side-by-side bench. */
final class Samples {
    static final byte[] ORIGIN = new Origin("tcp", "192.0.2.1", 1514, "").toBytes();
    static final byte[] RFC5424 = padded("<165>1 2026-11-22T06:53:21.123456Z host-7.example.com app-3 4242 ID47 "
            + "[exampleSDID@32473 iut=\"3\" eventSource=\"Application\" eventID=\"1011\"] seq=0000000001 ");
    static final byte[] RFC3164 = padded("<13>Nov 22 06:53:21 host-7 app-3[4242]: seq=0000000001 ");
    static final long RECEIVED_NS = 1_764_000_000_000_000_000L;

    private static final int MESSAGE_BYTES = 256;
    private static final String WORDS = "the quick brown fox jumps over the lazy dog ";

    private Samples() {}

    static Decoder decoder(String format) {
        return Decoders.of(new Decoding(format, "utf8", "UTC", false));
    }

    /** Its clock stands still, as ids inside one millisecond are the rule at a high rate. */
    static BatchBuilder builder() {
        return new BatchBuilder(new MessageId(() -> RECEIVED_NS / 1_000_000));
    }

    /** Adds one parsed message. */
    static void add(BatchBuilder builder, Decoder decoder) {
        decoder.decode(RFC5424, 0, RFC5424.length, builder.begin(ORIGIN, RECEIVED_NS));
        builder.end();
    }

    /** A full batch, compressed as a listener does it. */
    static byte[] batch() {
        BatchBuilder builder = builder();
        Decoder decoder = decoder("rfc5424");
        while (!builder.isFull()) {
            add(builder, decoder);
        }
        return builder.seal().bytes();
    }

    private static byte[] padded(String head) {
        StringBuilder text = new StringBuilder(head);
        while (text.length() < MESSAGE_BYTES) {
            text.append(WORDS, 0, Math.min(WORDS.length(), MESSAGE_BYTES - text.length()));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
