package io.skewer.core.decode;

/**
 * The abbreviations that devices print behind their time stamps and that mean one thing in practice; CST and the like are taken
 * as American. Those without a usual meaning (IST, AST) are left to the listener's zone. Without state.
 */
final class ZoneNames {
    static final int UNKNOWN = Integer.MIN_VALUE;
    private static final int HOUR_SECONDS = 3600;

    private ZoneNames() {}

    /** Seconds east of Greenwich, or {@link #UNKNOWN}. */
    static int offsetSeconds(byte[] bytes, int start, int end) {
        if (end - start < 2 || end - start > 4) {
            return UNKNOWN;
        }
        int letters = 0;
        for (int i = start; i < end; i++) {
            letters = letters << 8 | bytes[i];
        }
        return switch (letters) {
            case 'U' << 16 | 'T' << 8 | 'C', 'G' << 16 | 'M' << 8 | 'T', 'W' << 16 | 'E' << 8 | 'T' -> 0;
            case 'C' << 16 | 'E' << 8 | 'T', 'M' << 16 | 'E' << 8 | 'T', 'B' << 16 | 'S' << 8 | 'T' -> HOUR_SECONDS;
            case 'W' << 24 | 'E' << 16 | 'S' << 8 | 'T' -> HOUR_SECONDS;
            case 'C' << 24 | 'E' << 16 | 'S' << 8 | 'T', 'M' << 24 | 'E' << 16 | 'S' << 8 | 'T' -> 2 * HOUR_SECONDS;
            case 'E' << 16 | 'E' << 8 | 'T' -> 2 * HOUR_SECONDS;
            case 'E' << 24 | 'E' << 16 | 'S' << 8 | 'T', 'M' << 16 | 'S' << 8 | 'K' -> 3 * HOUR_SECONDS;
            case 'J' << 16 | 'S' << 8 | 'T', 'K' << 16 | 'S' << 8 | 'T' -> 9 * HOUR_SECONDS;
            case 'A' << 24 | 'E' << 16 | 'S' << 8 | 'T' -> 10 * HOUR_SECONDS;
            case 'A' << 24 | 'E' << 16 | 'D' << 8 | 'T' -> 11 * HOUR_SECONDS;
            case 'E' << 16 | 'D' << 8 | 'T' -> -4 * HOUR_SECONDS;
            case 'E' << 16 | 'S' << 8 | 'T', 'C' << 16 | 'D' << 8 | 'T' -> -5 * HOUR_SECONDS;
            case 'C' << 16 | 'S' << 8 | 'T', 'M' << 16 | 'D' << 8 | 'T' -> -6 * HOUR_SECONDS;
            case 'M' << 16 | 'S' << 8 | 'T', 'P' << 16 | 'D' << 8 | 'T' -> -7 * HOUR_SECONDS;
            case 'P' << 16 | 'S' << 8 | 'T' -> -8 * HOUR_SECONDS;
            default -> UNKNOWN;
        };
    }
}
