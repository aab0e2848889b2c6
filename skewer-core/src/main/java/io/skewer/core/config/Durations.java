package io.skewer.core.config;

import java.time.Duration;
import java.util.OptionalLong;

/** Times as operators write them: {@code 30s}, {@code 1m30s}, {@code 1.5h}. Units: ns, us (or µs), ms, s, m, h, d. */
public final class Durations {
    private static final String[] UNITS = {"d", "h", "m", "s", "ms", "us", "ns"};
    private static final long[] UNIT_NS = {
        86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1000L, 1L
    };
    private static final int MAX_TEXT_LENGTH = 64;

    private Durations() {}

    /** The nanoseconds that the text stands for; nothing when it is not a duration or one of more than 292 years. */
    public static OptionalLong parseNs(String text) {
        if (text.equals("0")) {
            return OptionalLong.of(0);
        }
        if (text.isEmpty() || text.length() > MAX_TEXT_LENGTH) {
            return OptionalLong.empty();
        }
        try {
            long totalNs = 0;
            int at = 0;
            while (at < text.length()) {
                int unitStart = endOf(text, at, true);
                int unitEnd = endOf(text, unitStart, false);
                long unitNs = unitNs(text.substring(unitStart, unitEnd));
                if (unitNs == 0) {
                    return OptionalLong.empty();
                }
                totalNs = Math.addExact(totalNs, amountNs(text.substring(at, unitStart), unitNs));
                at = unitEnd;
            }
            return OptionalLong.of(totalNs);
        } catch (ArithmeticException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static int endOf(String text, int start, boolean number) {
        int at = start;
        while (at < text.length() && isNumeric(text.charAt(at)) == number) {
            at++;
        }
        return at;
    }

    private static boolean isNumeric(char c) {
        return (c >= '0' && c <= '9') || c == '.';
    }

    private static long unitNs(String unit) {
        String plain = unit.equals("\u00b5s") || unit.equals("\u03bcs") ? "us" : unit;
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(plain)) {
                return UNIT_NS[i];
            }
        }
        return 0;
    }

    private static long amountNs(String number, long unitNs) {
        int point = number.indexOf('.');
        if (point < 0) {
            return Math.multiplyExact(Long.parseLong(number), unitNs);
        }
        String fraction = number.substring(point + 1);
        if (fraction.isEmpty() || fraction.length() > 9 || point == 0) {
            throw new NumberFormatException(number);
        }
        long whole = Math.multiplyExact(Long.parseLong(number.substring(0, point)), unitNs);
        long scale = 1;
        for (int i = 0; i < fraction.length(); i++) {
            scale *= 10;
        }
        // Exact up to nanoseconds: both factors are below 10^14, so they are multiplied in parts.
        long digits = Long.parseLong(fraction);
        long part = Math.multiplyExact(digits, unitNs / scale) + digits * (unitNs % scale) / scale;
        return Math.addExact(whole, part);
    }

    /** The shortest exact text in whole units, for example {@code 1m15s}. */
    public static String text(Duration duration) {
        long restNs = duration.toNanos();
        if (restNs == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < UNITS.length; i++) {
            long amount = restNs / UNIT_NS[i];
            if (amount != 0) {
                text.append(amount).append(UNITS[i]);
                restNs -= amount * UNIT_NS[i];
            }
        }
        return text.toString();
    }
}
