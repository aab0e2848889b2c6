package io.skewer.cli.loadgen;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * What all messages of a load look like: {@code from=SENDER seq=NUMBER} and words up to the size.
 *
 * @param format the head
 * @param bytes length of a message; at least what head and number need
 * @param sentAt stands in every head: the time when the load began
 */
public record MessageForm(Format format, int bytes, Instant sentAt) {
    /** The largest UDP payload over IPv4, and more than any source of ours accepts. */
    public static final int MAX_BYTES = 65_507;

    /** The syslog formats. */
    public enum Format {
        RFC5424,
        RFC3164
    }

    private static final String WORDS = "the quick brown fox jumps over the lazy dog ";
    private static final DateTimeFormatter BSD_STAMP = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);

    /**
     * The message number 0 of a sender, to be numbered on.
     *
     * @param sender letters, digits and minus signs: also the host
     */
    Stencil stencil(String sender) {
        String head = switch (format) {
            case RFC5424 ->
                "<165>1 " + sentAt.truncatedTo(ChronoUnit.MICROS) + " " + sender
                        + " loadgen 4242 ID47 [x@32473 iut=\"3\"] ";
            case RFC3164 ->
                "<13>" + BSD_STAMP.format(sentAt.atOffset(ZoneOffset.UTC)) + " " + sender + " loadgen[4242]: ";
        };
        String mark = "from=" + sender + " seq=";
        StringBuilder text = new StringBuilder(head).append(mark);
        int digitsAt = text.length();
        text.append("0".repeat(Stencil.DIGITS)).append(' ');
        while (text.length() < bytes) {
            text.append(WORDS, 0, Math.min(WORDS.length(), bytes - text.length()));
        }
        return new Stencil(text.toString().getBytes(StandardCharsets.US_ASCII), digitsAt);
    }
}
