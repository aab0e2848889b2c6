package io.skewer.ipc.link;

import java.util.List;

/**
 * What became of some records of a batch: the payload of {@link FrameType#SETTLED}. Whoever has more to say than the limits allow
 * says it in several.
 *
 * @param batch the number under which the batch was offered
 * @param delivered records that the destination has for good
 * @param failed records that it will never take
 */
public record Settlement(long batch, List<Range> delivered, List<Failed> failed) {
    public static final int MAX_RANGES = 4096;
    public static final int MAX_FAILURES = 1024;

    public Settlement {
        if (delivered.size() > MAX_RANGES || failed.size() > MAX_FAILURES) {
            throw new IllegalArgumentException(
                    delivered.size() + " ranges and " + failed.size() + " failures in one settlement");
        }
        delivered = List.copyOf(delivered);
        failed = List.copyOf(failed);
    }

    /**
     * Records of a batch.
     *
     * @param from the first
     * @param to the one behind the last
     */
    public record Range(int from, int to) {
        public Range {
            if (from < 0 || from >= to) {
                throw new IllegalArgumentException("records from " + from + " to " + to);
            }
        }
    }

    /**
     * A record that can never be delivered.
     *
     * @param record its place in the batch
     * @param reason code of the reason, 0 to 255; links do not know what it means
     * @param attempts how often it was tried, 1 to {@value #MAX_ATTEMPTS}
     * @param text for the operator; cut after {@value #MAX_TEXT_CHARS} characters
     */
    public record Failed(int record, int reason, int attempts, String text) {
        public static final int MAX_ATTEMPTS = 0xffff;
        public static final int MAX_TEXT_CHARS = 300;
        /** No character takes more than three bytes of UTF-8, a pair of surrogates four. */
        static final int MAX_TEXT_BYTES = 3 * MAX_TEXT_CHARS;

        public Failed {
            if (record < 0 || reason < 0 || reason > 0xff || attempts < 1 || attempts > MAX_ATTEMPTS) {
                throw new IllegalArgumentException(
                        "record " + record + ", reason " + reason + ", " + attempts + " attempts");
            }
            text = cut(text);
        }

        private static String cut(String text) {
            if (text.length() <= MAX_TEXT_CHARS) {
                return text;
            }
            boolean splitsPair = Character.isHighSurrogate(text.charAt(MAX_TEXT_CHARS - 1));
            return text.substring(0, splitsPair ? MAX_TEXT_CHARS - 1 : MAX_TEXT_CHARS);
        }
    }
}
