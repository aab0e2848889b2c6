package io.skewer.core.decode;

/** The Gregorian calendar by arithmetic (H. Hinnant, "chrono-compatible low-level date algorithms"). Without state. */
final class Calendar {
    static final long DAY_SECONDS = 86_400;
    static final long SECOND_NS = 1_000_000_000;
    /** The whole years that nanoseconds since 1970 in 64 bits reach. */
    static final int MIN_YEAR = 1678;

    static final int MAX_YEAR = 2261;

    private static final byte[] MONTH_DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Calendar() {}

    static boolean isDate(int year, int month, int day) {
        if (year < MIN_YEAR || year > MAX_YEAR || month < 1 || month > 12 || day < 1) {
            return false;
        }
        int days = month == 2 && isLeap(year) ? 29 : MONTH_DAYS[month - 1];
        return day <= days;
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    /** Days since 1970-01-01 of a date after the year 0. */
    static int daysOf(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int era = y / 400;
        int yearOfEra = y - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097 + dayOfEra - 719_468;
    }

    /** The year in which a day since 1970-01-01 lies, for days after the year 0. */
    static int yearOf(int days) {
        int z = days + 719_468;
        int era = z / 146_097;
        int dayOfEra = z - era * 146_097;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        boolean afterFebruary = dayOfYear < 306;
        return yearOfEra + era * 400 + (afterFebruary ? 0 : 1);
    }

    /** Nine digits of a second from the first {@code count} of them. */
    static int nanos(int digits, int count) {
        int nanos = digits;
        for (int i = count; i < 9; i++) {
            nanos *= 10;
        }
        return nanos;
    }
}
