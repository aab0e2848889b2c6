package io.skewer.core.template;

import io.skewer.core.encode.TimeText;
import io.skewer.core.message.Facility;
import io.skewer.core.message.Field;
import io.skewer.core.message.Severity;
import io.skewer.core.message.StructuredData;
import io.skewer.core.spelling.Spelling;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a template may ask of a message. The first name of each is the predecessor's, the second that of its scripts. */
final class Fields {
    private static final List<String> NAMES = List.of(
            "AppName",
            "HostName",
            "ProcId",
            "MsgId",
            "Message",
            "Facility",
            "Severity",
            "Priority",
            "Version",
            "Date",
            "Hour",
            "TimeReportedNum",
            "TimeGeneratedNum",
            "GetProperty");

    private Fields() {}

    /** @return null when there is no such field */
    static @Nullable Part named(String name) {
        TimeText time = new TimeText();
        return switch (name) {
            case "AppName", "Appname" -> text(Field.APP);
            case "HostName", "Hostname" -> text(Field.HOST);
            case "ProcId", "Procid" -> text(Field.PROCID);
            case "MsgId", "Msgid" -> text(Field.MSGID);
            case "Message" -> text(Field.MESSAGE);
            case "Facility" -> (record, out) -> out.add(Facility.nameBytes(record.facility()));
            case "Severity" -> (record, out) -> out.add(Severity.nameBytes(record.severity()));
            case "Priority" -> (record, out) -> out.addDecimal(record.priority());
            case "Version" -> (record, out) -> out.addDecimal(record.syslogVersion());
            case "Date" -> (record, out) -> time.addDate(record.reportedNs(), out);
            case "Hour" -> (record, out) -> time.addHour(record.reportedNs(), out);
            case "TimeReportedNum" -> (record, out) -> out.addDecimal(record.reportedNs());
            case "TimeGeneratedNum" -> (record, out) -> out.addDecimal(record.receivedNs());
            default -> null;
        };
    }

    private static Part text(Field field) {
        return (record, out) -> out.add(record.array(), record.offset(field), record.length(field));
    }

    /** The first value of a property. */
    static Part property(byte[] domain, byte[] key) {
        StructuredData.Walker walker = new StructuredData.Walker();
        return (record, out) -> {
            walker.start(record);
            while (walker.nextElement()) {
                boolean isDomain = isNamed(walker, domain);
                while (isDomain && walker.nextParameter()) {
                    if (isNamed(walker, key)) {
                        out.add(walker.array(), walker.valueOffset(), walker.valueLength());
                        return;
                    }
                }
            }
        };
    }

    private static boolean isNamed(StructuredData.Walker walker, byte[] name) {
        int at = walker.nameOffset();
        return Arrays.equals(walker.array(), at, at + walker.nameLength(), name, 0, name.length);
    }

    /** What to say instead of a name that there is not. */
    static String advice(String name) {
        return Spelling.nearest(name, NAMES)
                .map(meant -> "did you mean ." + meant + "?")
                .orElseGet(() -> "known are ." + String.join(", .", NAMES));
    }
}
