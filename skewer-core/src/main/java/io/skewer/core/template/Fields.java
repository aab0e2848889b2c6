package io.skewer.core.template;

import io.skewer.core.encode.TimeText;
import io.skewer.core.message.Facility;
import io.skewer.core.message.Field;
import io.skewer.core.message.Severity;
import io.skewer.core.message.StructuredData;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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

    /** The name that was most probably meant. */
    static String nearest(String name) {
        return NAMES.stream()
                .min(Comparator.comparingInt(known -> distance(known, name)))
                .orElseThrow();
    }

    /** Letters to insert, remove or replace (Levenshtein), without regard to case. */
    private static int distance(String known, String asked) {
        String a = known.toLowerCase(Locale.ROOT);
        String b = asked.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
