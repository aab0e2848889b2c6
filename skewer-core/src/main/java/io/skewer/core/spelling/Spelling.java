package io.skewer.core.spelling;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody probably meant. Has no state. */
public final class Spelling {
    /** Longer words are not compared: the cost grows with the square. */
    private static final int MAX_WORD_LENGTH = 64;

    private Spelling() {}

    /** {@code "; did you mean \"x\"?"}, or nothing when no candidate is near. */
    public static String suggestion(String word, Collection<String> candidates) {
        return nearest(word, candidates)
                .map(meant -> "; did you mean \"" + meant + "\"?")
                .orElse("");
    }

    /** The first of the candidates that are nearest to the word; nothing when none is near. */
    public static Optional<String> nearest(String word, Collection<String> candidates) {
        Optional<String> best = Optional.empty();
        int bestDistance = word.length() / 3 + 2;
        for (String candidate : candidates) {
            int distance = distance(word, candidate);
            if (distance < bestDistance) {
                best = Optional.of(candidate);
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Levenshtein's edit distance without regard to case; a large number for words too long to compare. */
    static int distance(String one, String other) {
        if (one.length() > MAX_WORD_LENGTH || other.length() > MAX_WORD_LENGTH) {
            return Integer.MAX_VALUE;
        }
        String a = one.toLowerCase(Locale.ROOT).replace('-', '_');
        String b = other.toLowerCase(Locale.ROOT).replace('-', '_');
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
            }
            int[] swap = above;
            above = row;
            row = swap;
        }
        return above[b.length()];
    }
}
