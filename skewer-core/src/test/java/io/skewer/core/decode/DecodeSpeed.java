package io.skewer.core.decode;

import io.skewer.core.config.Decoding;
import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.Origin;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Measures decoders on one core: {@code java -cp ... io.skewer.core.decode.DecodeSpeed [seconds]}. Frames of 256 bytes, each record
 * written and taken back, so that compression is not part of the figure.
 */
final class DecodeSpeed {
    private static final int FRAMES = 1024;

    private DecodeSpeed() {}

    public static void main(String[] args) {
        long seconds = args.length > 0 ? Long.parseLong(args[0]) : 3;
        String new5424 =
                "<165>1 2026-11-22T06:53:21.%06dZ host-%d.example.com app-%d 4242 ID47 [exampleSDID@32473 iut=\"3\" "
                        + "eventSource=\"Application\" eventID=\"1011\"] seq=%010d ";
        String old3164 = "<13>Nov 22 06:53:21 host-%2$d app-%3$d[4242]: seq=%4$010d ";
        String json = "{\"facility\":\"local4\",\"severity\":\"notice\",\"timereported\":\"2026-11-22T06:53:21.%06dZ\","
                + "\"hostname\":\"host-%d\",\"appname\":\"app-%d\",\"procid\":\"4242\",\"message\":\"seq=%010d ";
        for (int round = 0; round < 3; round++) {
            measure("rfc5424", new5424, "", seconds);
            measure("auto", new5424, "", seconds);
            measure("rfc3164", old3164, "", seconds);
            measure("json", json, "\"}", seconds);
        }
    }

    private static void measure(String format, String head, String tail, long seconds) {
        byte[][] frames = new byte[FRAMES][];
        for (int i = 0; i < FRAMES; i++) {
            StringBuilder frame = new StringBuilder(String.format(Locale.ROOT, head, i, i % 8, i % 7, i));
            while (frame.length() < 256 - tail.length()) {
                frame.append("the quick brown fox jumps over the lazy dog ".charAt(frame.length() % 44));
            }
            frames[i] = frame.append(tail).toString().getBytes(StandardCharsets.US_ASCII);
        }
        Decoder decoder = Decoders.of(new Decoding(format, "utf8", "UTC", false));
        MessageId ids = new MessageId(System::currentTimeMillis);
        BatchBuilder batch = new BatchBuilder(ids);
        byte[] origin = new Origin("tcp", "192.0.2.1", 1514, "").toBytes();
        long receivedNs = System.currentTimeMillis() * 1_000_000;
        long count = 0;
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000;
        while (System.nanoTime() < end) {
            for (byte[] frame : frames) {
                decoder.decode(frame, 0, frame.length, batch.begin(origin, receivedNs));
                batch.abandon();
            }
            count += FRAMES;
        }
        double ns = (System.nanoTime() - start) / (double) count;
        System.out.printf(Locale.ROOT, "%-8s %,12.0f messages/s %6.0f ns%n", format, 1e9 / ns, ns);
    }
}
