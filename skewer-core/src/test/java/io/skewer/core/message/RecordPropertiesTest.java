package io.skewer.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RecordPropertiesTest {
    private static final byte[] ORIGIN = new Origin("udp", "192.0.2.1", 514, "").toBytes();

    /** A message: its bytes by field but the origin, and its numbers. */
    record Message(List<byte[]> fields, int facility, int severity, int version, long reportedNs, ParseStatus status) {}

    @Provide
    Arbitrary<List<Message>> messages() {
        Arbitrary<List<byte[]>> fields =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(200).list().ofSize(Field.count() - 1);
        return Combinators.combine(
                        fields,
                        Arbitraries.integers().between(0, Facility.MAX),
                        Arbitraries.integers().between(0, Severity.MAX),
                        Arbitraries.integers().between(0, 999),
                        Arbitraries.longs(),
                        Arbitraries.of(ParseStatus.class))
                .as(Message::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }

    @Property(tries = 300)
    void anyRecordsGoThroughABatchUnchanged(@ForAll("messages") List<Message> messages) {
        BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1));
        for (Message message : messages) {
            write(message, builder.begin(ORIGIN, 42));
            assertRead(message, builder.look());
            builder.end();
        }
        SealedBatch sealed = builder.seal();
        // In the middle of a buffer, as links deliver it.
        byte[] buffer = new byte[sealed.bytes().length + 7];
        System.arraycopy(sealed.bytes(), 0, buffer, 3, sealed.bytes().length);
        BatchReader reader = new BatchReader();
        assertThat(reader.open(buffer, 3, sealed.bytes().length).count()).isEqualTo(messages.size());
        for (Message message : messages) {
            assertThat(reader.next()).isTrue();
            assertRead(message, reader.record());
        }
        assertThat(reader.next()).isFalse();
    }

    private static void write(Message message, RecordWriter record) {
        record.priority(message.facility(), message.severity());
        record.syslogVersion(message.version());
        record.reportedNs(message.reportedNs());
        record.parseStatus(message.status());
        for (int i = 1; i < Field.count(); i++) {
            byte[] value = message.fields().get(i - 1);
            if (i % 2 == 0) {
                record.put(Field.at(i), value, 0, value.length);
            } else {
                record.open(Field.at(i)).add(value);
                record.close(Field.at(i));
            }
        }
    }

    private static void assertRead(Message message, RecordView view) {
        assertThat(view.facility()).isEqualTo(message.facility());
        assertThat(view.severity()).isEqualTo(message.severity());
        assertThat(view.syslogVersion()).isEqualTo(message.version());
        assertThat(view.reportedNs()).isEqualTo(message.reportedNs());
        assertThat(view.hasReportedTime()).isTrue();
        assertThat(view.parseStatus()).isEqualTo(message.status());
        assertThat(view.origin()).isEqualTo(new Origin("udp", "192.0.2.1", 514, ""));
        for (int i = 1; i < Field.count(); i++) {
            Field field = Field.at(i);
            byte[] value =
                    Arrays.copyOfRange(view.array(), view.offset(field), view.offset(field) + view.length(field));
            assertThat(value).as(field.name()).isEqualTo(message.fields().get(i - 1));
        }
    }

    @Provide
    Arbitrary<List<List<byte[]>>> properties() {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMaxSize(40)
                .list()
                .ofMinSize(1)
                .ofMaxSize(9)
                .list()
                .ofMaxSize(8);
    }

    /** Each element is a domain and then keys and values in turn; a key without value gets an empty one. */
    @Property(tries = 500)
    void anyPropertiesAreReadAsTheyWereWritten(@ForAll("properties") List<List<byte[]>> elements) {
        ByteBuilder out = new ByteBuilder(0);
        StructuredData.Writer writer = new StructuredData.Writer().start(out);
        for (List<byte[]> element : elements) {
            assertThat(writer.beginElement(element.getFirst(), 0, element.getFirst().length))
                    .isTrue();
            for (int i = 1; i < element.size(); i += 2) {
                assertThat(writer.beginParameter(element.get(i), 0, element.get(i).length))
                        .isTrue();
                writer.value().add(i + 1 < element.size() ? element.get(i + 1) : new byte[0]);
                writer.endParameter();
            }
        }
        StructuredData.Walker walker = new StructuredData.Walker().start(out.array(), 0, out.length());
        for (List<byte[]> element : elements) {
            assertThat(walker.nextElement()).isTrue();
            List<byte[]> seen = new ArrayList<>(List.of(name(walker)));
            while (walker.nextParameter()) {
                seen.add(name(walker));
                seen.add(Arrays.copyOfRange(
                        walker.array(), walker.valueOffset(), walker.valueOffset() + walker.valueLength()));
            }
            List<byte[]> expected = new ArrayList<>(element);
            if (expected.size() % 2 == 0) {
                expected.add(new byte[0]);
            }
            assertThat(seen.toArray(byte[][]::new)).isDeepEqualTo(expected.toArray(byte[][]::new));
        }
        assertThat(walker.nextElement()).isFalse();
        // Elements that the reader does not look into are stepped over.
        walker.start(out.array(), 0, out.length());
        for (int i = 0; i < elements.size(); i++) {
            assertThat(walker.nextElement()).isTrue();
        }
        assertThat(walker.nextElement()).isFalse();
    }

    private static byte[] name(StructuredData.Walker walker) {
        return Arrays.copyOfRange(walker.array(), walker.nameOffset(), walker.nameOffset() + walker.nameLength());
    }

    /** Flipped, cut or grown: a batch is read or refused, in no other way. */
    @Property(tries = 1000)
    void aDamagedBatchIsRefusedOrReadButNeverBreaksTheReader(
            @ForAll("messages") List<Message> messages, @ForAll int at, @ForAll byte flip, @ForAll boolean cut) {
        BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1));
        for (Message message : messages) {
            write(message, builder.begin(ORIGIN, 42));
            builder.end();
        }
        byte[] bytes = builder.seal().bytes();
        int place = Math.floorMod(at, bytes.length);
        bytes[place] ^= flip;
        byte[] damaged = cut ? Arrays.copyOf(bytes, place) : bytes;
        int records = BatchFuzzTest.walk(damaged);
        assertThat(records).isBetween(-1, messages.size());
        if (cut) {
            assertThat(records).isEqualTo(-1);
        }
    }
}
