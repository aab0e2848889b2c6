package io.skewer.core.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RecordWriterTest {
    private final BatchBuilder builder = new BatchBuilder(new MessageId(() -> 1_000));
    private final byte[] origin = new Origin("tcp", "::1", 1514, "").toBytes();
    private final byte[] text = "text".getBytes(StandardCharsets.UTF_8);

    @Test
    void aNewRecordIsUserNoticeOfNow() {
        builder.begin(origin, 42);
        RecordView view = builder.look();
        assertThat(view.priority()).isEqualTo(13);
        assertThat(view.reportedNs()).isEqualTo(42);
        assertThat(view.receivedNs()).isEqualTo(42);
        assertThat(view.hasReportedTime()).isFalse();
        assertThat(view.syslogVersion()).isZero();
        assertThat(view.partition()).isEqualTo(-1);
        assertThat(view.parseStatus()).isEqualTo(ParseStatus.OK);
    }

    @Test
    void restartForgetsEverythingButTheOrigin() {
        RecordWriter record = builder.begin(origin, 42);
        record.priority(4, 2);
        record.syslogVersion(999);
        record.reportedNs(7);
        record.partition(3);
        record.parseStatus(ParseStatus.PARTIAL);
        record.put(Field.HOST, text, 0, 4);
        record.open(Field.MESSAGE).add(text);
        record.restart();
        record.put(Field.HOST, text, 0, 2);
        RecordView view = builder.look();
        assertThat(view.text(Field.HOST)).isEqualTo("te");
        assertThat(view.has(Field.MESSAGE)).isFalse();
        assertThat(view.priority()).isEqualTo(13);
        assertThat(view.syslogVersion()).isZero();
        assertThat(view.hasReportedTime()).isFalse();
        assertThat(view.reportedNs()).isEqualTo(42);
        assertThat(view.partition()).isEqualTo(-1);
        assertThat(view.parseStatus()).isEqualTo(ParseStatus.OK);
        assertThat(view.origin()).isEqualTo(new Origin("tcp", "::1", 1514, ""));
    }

    @Test
    void theVersionOfTheStandardFits() {
        builder.begin(origin, 42).syslogVersion(999);
        assertThat(builder.look().syslogVersion()).isEqualTo(999);
    }

    @Test
    void aShortFieldThatIsTooLongIsLeftEmpty() {
        RecordWriter record = builder.begin(origin, 42);
        byte[] longest = new byte[Field.SHORT_FIELD_MAX_BYTES + 1];
        assertThat(record.put(Field.HOST, longest, 0, longest.length)).isFalse();
        assertThat(record.put(Field.HOST, longest, 0, longest.length - 1)).isTrue();
        record.open(Field.APP).add(longest);
        assertThat(record.close(Field.APP)).isFalse();
        record.open(Field.PROCID).add(longest, 1, longest.length - 1);
        assertThat(record.close(Field.PROCID)).isTrue();
        assertThat(record.put(Field.MESSAGE, longest, 0, longest.length)).isTrue();
        RecordView view = builder.look();
        assertThat(view.length(Field.HOST)).isEqualTo(0xFFFF);
        assertThat(view.length(Field.APP)).isZero();
        assertThat(view.length(Field.PROCID)).isEqualTo(0xFFFF);
        assertThat(view.length(Field.MESSAGE)).isEqualTo(0x10000);
    }

    @Test
    void fieldsOutOfOrderAreRefused() {
        RecordWriter record = builder.begin(origin, 42);
        record.put(Field.MESSAGE, text, 0, 4);
        assertThatIllegalStateException().isThrownBy(() -> record.put(Field.HOST, text, 0, 4));
        record.open(Field.RAW);
        assertThatIllegalStateException().isThrownBy(() -> record.put(Field.TOPIC, text, 0, 4));
        assertThatIllegalStateException().isThrownBy(builder::end);
        record.close(Field.RAW);
        assertThatIllegalStateException().isThrownBy(() -> record.close(Field.RAW));
        assertThatIllegalStateException().isThrownBy(() -> builder.begin(origin, 43));
        builder.end();
        assertThatIllegalStateException().isThrownBy(() -> record.put(Field.KEY, text, 0, 4));
    }

    @Test
    void anAbandonedRecordIsNotInTheBatch() {
        builder.begin(origin, 1).put(Field.MESSAGE, text, 0, 4);
        builder.end();
        int length = builder.recordsBytes();
        builder.begin(origin, 2).open(Field.MESSAGE).add(text);
        builder.abandon();
        assertThat(builder.recordsBytes()).isEqualTo(length);
        builder.begin(origin, 3).put(Field.MESSAGE, text, 0, 4);
        builder.end();
        SealedBatch sealed = builder.seal();
        assertThat(sealed.count()).isEqualTo(2);
        BatchReader reader = new BatchReader();
        reader.open(sealed.bytes(), 0, sealed.bytes().length);
        assertThat(reader.next()).isTrue();
        assertThat(reader.record().receivedNs()).isEqualTo(1);
        assertThat(reader.next()).isTrue();
        assertThat(reader.record().receivedNs()).isEqualTo(3);
        assertThat(reader.next()).isFalse();
    }

    @Test
    void aBatchIsSealedOnlyBetweenRecords() {
        assertThatIllegalStateException().isThrownBy(builder::seal);
        builder.begin(origin, 1);
        assertThatIllegalStateException().isThrownBy(builder::seal);
        assertThatIllegalArgumentException().isThrownBy(() -> Batch.read(new byte[100], 0, 100));
    }

    @Test
    void severitiesAreKnownUnderTheirOtherNames() {
        assertThat(Severity.byName("error")).isEqualTo(3);
        assertThat(Severity.byName("Warn")).isEqualTo(4);
        assertThat(Severity.byName("PANIC")).isZero();
        assertThat(Severity.byName("informational")).isEqualTo(Severity.INFO);
        assertThat(Severity.byName("err")).isEqualTo(3);
        assertThat(Severity.byName("")).isEqualTo(-1);
        assertThat(Facility.byName("LOCAL7")).isEqualTo(Facility.MAX);
        assertThat(Facility.byName("local8")).isEqualTo(-1);
    }
}
