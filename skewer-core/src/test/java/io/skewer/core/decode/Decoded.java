package io.skewer.core.decode;

import io.skewer.core.config.Decoding;
import io.skewer.core.message.BatchBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.MessageId;
import io.skewer.core.message.Origin;
import io.skewer.core.message.ParseStatus;
import io.skewer.core.message.RecordView;
import io.skewer.core.message.StructuredData;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a decoder made of one frame, as objects that tests can compare. */
record Decoded(
        ParseStatus status,
        int priority,
        int version,
        boolean hasTime,
        long reportedNs,
        String host,
        String app,
        String procid,
        String msgid,
        List<Element> elements,
        byte[] messageBytes,
        byte[] raw) {

    record Parameter(String key, String value) {}

    record Element(String domain, List<Parameter> parameters) {}

    /** When the frames of these tests are received. */
    static final Instant RECEIVED = Instant.parse("2020-03-01T12:00:00Z");

    static Decoding settings(String format) {
        return new Decoding(format, "utf8", "UTC", false);
    }

    static Decoded of(String format, String frame) {
        return of(settings(format), frame.getBytes(StandardCharsets.UTF_8), RECEIVED);
    }

    static Decoded of(Decoding settings, byte[] frame, Instant received) {
        return of(Decoders.of(settings), frame, received);
    }

    static Decoded of(Decoder decoder, byte[] frame, Instant received) {
        // The frame stands in the middle of a buffer: what is around it must not matter.
        byte[] buffer = new byte[frame.length + 20];
        Arrays.fill(buffer, (byte) '7');
        System.arraycopy(frame, 0, buffer, 10, frame.length);
        BatchBuilder batch = new BatchBuilder(new MessageId(received::toEpochMilli));
        long receivedNs = received.getEpochSecond() * 1_000_000_000L + received.getNano();
        decoder.decode(buffer, 10, frame.length, batch.begin(new Origin("tcp", "::1", 1514, "").toBytes(), receivedNs));
        Decoded decoded = read(batch.look());
        batch.end();
        return decoded;
    }

    private static Decoded read(RecordView view) {
        List<Element> elements = new ArrayList<>();
        StructuredData.Walker walker = new StructuredData.Walker().start(view);
        while (walker.nextElement()) {
            String domain = text(walker.array(), walker.nameOffset(), walker.nameLength());
            List<Parameter> parameters = new ArrayList<>();
            while (walker.nextParameter()) {
                parameters.add(new Parameter(
                        text(walker.array(), walker.nameOffset(), walker.nameLength()),
                        text(walker.array(), walker.valueOffset(), walker.valueLength())));
            }
            elements.add(new Element(domain, parameters));
        }
        return new Decoded(
                view.parseStatus(),
                view.priority(),
                view.syslogVersion(),
                view.hasReportedTime(),
                view.reportedNs(),
                view.text(Field.HOST),
                view.text(Field.APP),
                view.text(Field.PROCID),
                view.text(Field.MSGID),
                elements,
                bytes(view, Field.MESSAGE),
                bytes(view, Field.RAW));
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(RecordView view, Field field) {
        return Arrays.copyOfRange(view.array(), view.offset(field), view.offset(field) + view.length(field));
    }

    String message() {
        return new String(messageBytes, StandardCharsets.UTF_8);
    }

    /** The time that the sender said, or the empty text. */
    String time() {
        return hasTime
                ? Instant.ofEpochSecond(
                                Math.floorDiv(reportedNs, 1_000_000_000L), Math.floorMod(reportedNs, 1_000_000_000L))
                        .toString()
                : "";
    }

    /** Status, priority, time, host, app, procid, msgid, properties and message on one line: {@code -} for what is empty. */
    String summary() {
        StringBuilder properties = new StringBuilder();
        for (Element element : elements) {
            properties.append('[').append(element.domain());
            element.parameters()
                    .forEach(p ->
                            properties.append(' ').append(p.key()).append('=').append(p.value()));
            properties.append(']');
        }
        return String.join(
                " | ",
                status.label(),
                Integer.toString(priority),
                orDash(time()),
                orDash(host),
                orDash(app),
                orDash(procid),
                orDash(msgid),
                orDash(properties.toString()),
                orDash(message()));
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    /** Whether the promise of {@link FrameDecoder} holds for a frame in UTF-8, as far as the status alone tells. */
    boolean keeps(byte[] frame) {
        return switch (status) {
            case OK -> raw.length == 0;
            case REPAIRED, PARTIAL -> Arrays.equals(raw, frame);
            case RAW -> raw.length == 0 && Arrays.equals(messageBytes, frame);
        };
    }
}
