package io.skewer.sinks.kafka;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Topics that do not exist or are forbidden. A message to such a topic is tried for some seconds, because a topic may just be being made;
 * then it fails, and so do those that follow for a while without a try: else a sender who invents topics could hold up all others.
 * Used by one thread.
 */
final class TroubledTopics {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    static final Duration BARRED = Duration.ofMinutes(1);
    private static final int MOST = 1024;

    private record Trouble(long sinceNs, long untilNs) {}

    private final LongSupplier nanoClock;
    private final Map<String, Trouble> topics = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Trouble> eldest) {
            return size() > MOST;
        }
    };

    TroubledTopics(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Whether messages to this topic fail without a try. */
    boolean isBarred(String topic) {
        if (topics.isEmpty()) {
            return false;
        }
        Trouble trouble = topics.get(topic);
        if (trouble == null || trouble.untilNs == Long.MAX_VALUE) {
            return false;
        }
        if (nanoClock.getAsLong() - trouble.untilNs < 0) {
            return true;
        }
        topics.remove(topic);
        return false;
    }

    /** Notes a try in vain. @return whether the patience is at its end */
    boolean isGivenUp(String topic) {
        long now = nanoClock.getAsLong();
        Trouble trouble = topics.computeIfAbsent(topic, ignored -> new Trouble(now, Long.MAX_VALUE));
        if (now - trouble.sinceNs < PATIENCE.toNanos()) {
            return false;
        }
        topics.put(topic, new Trouble(trouble.sinceNs, now + BARRED.toNanos()));
        return true;
    }

    /** The topic took a message. */
    void isFine(String topic) {
        if (!topics.isEmpty()) {
            topics.remove(topic);
        }
    }
}
