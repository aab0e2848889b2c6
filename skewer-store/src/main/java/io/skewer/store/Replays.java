package io.skewer.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters on their way to their destination once more. They are offered beside the log, under numbers that no batch of it has, and are
 * not remembered across a restart: a letter whose replay did not end is still a letter. Guarded by the lock of its queue.
 */
final class Replays {
    /** Offers from here on are letters: far beyond any batch number, and not negative. */
    static final long FIRST_NUMBER = 1L << 62;

    /** A letter that is on its way. */
    record Letter(long number, int attempts, long firstMs, byte[] record) {}

    private final LinkedHashSet<Long> waiting = new LinkedHashSet<>();
    private final Map<Long, Letter> onTheirWay = new HashMap<>();

    static boolean isReplay(long offer) {
        return offer >= FIRST_NUMBER;
    }

    void add(Collection<Long> letters) {
        for (Long letter : letters) {
            if (!onTheirWay.containsKey(letter)) {
                waiting.add(letter);
            }
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    @Nullable
    Long next() {
        return waiting.isEmpty() ? null : waiting.removeFirst();
    }

    void offered(Letter letter) {
        onTheirWay.put(letter.number(), letter);
    }

    /** The letter of an offer, which is on its way no longer. */
    Optional<Letter> take(long offer) {
        return Optional.ofNullable(onTheirWay.remove(offer - FIRST_NUMBER));
    }

    /** Everything on its way will be offered again. */
    void rewind() {
        onTheirWay.keySet().stream().sorted().forEach(waiting::add);
        onTheirWay.clear();
    }
}
