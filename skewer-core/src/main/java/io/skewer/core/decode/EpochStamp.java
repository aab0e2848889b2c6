package io.skewer.core.decode;

/** Reads {@code 1563249630.774247467}, seconds since 1970 with a fraction, as Meraki devices send them. Belongs to one thread. */
final class EpochStamp {
    private static final int SECONDS_DIGITS = 10;
    /** More would leave the nanoseconds (year 2262). */
    private static final long SECONDS_MAX = 9_223_372_035L;

    private int end;
    private long epochNs;

    /** Behind the stamp that was read. */
    int end() {
        return end;
    }

    /** Nanoseconds since 1970 UTC. */
    long epochNs() {
        return epochNs;
    }

    /** @return whether there is a stamp of ten digits, a point and one to nine digits at {@code at} */
    boolean read(byte[] bytes, int at, int limit) {
        int point = at + SECONDS_DIGITS;
        if (limit - at < SECONDS_DIGITS + 2 || Scan.skipDigits(bytes, at, point) != point || bytes[point] != '.') {
            return false;
        }
        int after = Scan.skipDigits(bytes, point + 1, limit);
        int count = after - point - 1;
        // Two halves: ten digits are more than an int holds.
        long seconds = Scan.number(bytes, at, at + 5) * 100_000L + Scan.number(bytes, at + 5, point);
        if (count < 1 || count > 9 || seconds > SECONDS_MAX) {
            return false;
        }
        end = after;
        epochNs = seconds * Calendar.SECOND_NS + Calendar.nanos(Scan.number(bytes, point + 1, after), count);
        return true;
    }
}
