package io.skewer.sinks.kafka;

import io.skewer.sinks.Failure;
import io.skewer.sinks.Shipment;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * One producer, from its start until it breaks.
 *
 * <p>The first message to a topic goes alone. A broker that does not know a producer yet takes any batch as its first one: when it refuses
 * the very first, because it has just made the topic and does not lead it yet, and takes the second, which is on its way already, then the
 * first one comes behind the second for ever. (It is so by partition, but which one a message goes to is found out too late.)
 *
 * <p>Its owner sends, one thread at a time; answers come on the producer's own thread. After
 * {@link #close} has returned no answer comes any more.
 */
final class Line {
    /** Hears what became of the records. */
    interface Answers {
        void arrived(Shipment shipment, int record);

        /** The first message to a topic has its answer: others may go there. */
        void opened();

        /** The broker refused this record for good. */
        void refused(Shipment shipment, int record, Failure failure);

        /** A broker refused this record, and may take it a little later. */
        void putOff(Shipment shipment, int record, Failure failure);

        /** The producer is of no use any more; all that it has not acknowledged must go over a new one. Said once. */
        void broke(Shipment shipment, int record, Exception cause);
    }

    private static final int TOPICS_MAX = 65_536;

    private final Producer<byte[], byte[]> producer;
    private final Answers answers;
    /** By topic, whether its first message was acknowledged; not yet, while it is on its way. */
    private final Map<String, Boolean> acknowledged = new ConcurrentHashMap<>();

    private @Nullable Thread sender;
    private @Nullable Exception refusal;
    private final long bornNs = System.nanoTime();
    private boolean heard;
    private volatile boolean broken;

    Line(Producer<byte[], byte[]> producer, Answers answers) {
        this.producer = producer;
        this.answers = answers;
    }

    /** No answer comes for a record that is refused here. @return why the producer does not take the record, null when it did */
    @Nullable
    Exception offer(ProducerRecord<byte[], byte[]> record, Shipment shipment, int index) throws InterruptedException {
        sender = Thread.currentThread();
        refusal = null;
        boolean first = acknowledged.get(record.topic()) == null;
        if (first) {
            acknowledged.put(record.topic(), false);
        }
        boolean taken = false;
        try {
            // The callback says what the future would.
            Arrival arrival = new Arrival(shipment, index);
            var _ = producer.send(record, first ? new First(record.topic(), arrival) : arrival);
            taken = refusal == null;
        } catch (InterruptException cause) {
            throw interrupted("while sending", cause);
        } catch (KafkaException | IllegalStateException cause) {
            return cause;
        } finally {
            if (first && !taken) {
                acknowledged.remove(record.topic());
            }
        }
        return refusal;
    }

    /** Whether the first message to this topic is on its way: others must not follow yet. */
    boolean isOpening(String topic) {
        return Boolean.FALSE.equals(acknowledged.get(topic));
    }

    /** Whether a broker has said anything over this producer, of whatever topic. */
    boolean isHeard() {
        heard = heard || toldNs() - bornNs > 0;
        return heard;
    }

    /** When the brokers last told of the topics; what the producer says of a topic without asking is as old as that. */
    long toldNs() {
        double ageSeconds = metric("metadata-age");
        long now = System.nanoTime();
        if (Double.isNaN(ageSeconds)) {
            return now;
        }
        // The producer takes it from the wall clock, which may have been set back: then nothing counts as told since.
        return ageSeconds < 0 ? bornNs : now - (long) (ageSeconds * 1e9);
    }

    /** Whether the brokers say that the topic has no such partition. */
    boolean lacksPartition(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
        if (record.partition() == null) {
            return false;
        }
        try {
            return producer.partitionsFor(record.topic()).size() <= record.partition();
        } catch (InterruptException cause) {
            throw interrupted("while asking", cause);
        } catch (KafkaException | IllegalStateException notKnown) {
            return false;
        }
    }

    /** The producer has set the flag again; the exception carries it from here. */
    private static InterruptedException interrupted(String when, InterruptException cause) {
        Thread.interrupted();
        return (InterruptedException) new InterruptedException(when).initCause(cause);
    }

    boolean isBroken() {
        return broken;
    }

    /** Takes the line out of service, once. */
    void breakOff(Shipment shipment, int record, Exception cause) {
        if (!broken) {
            broken = true;
            answers.broke(shipment, record, cause);
        }
    }

    /** Lets what is on its way arrive for so long, then drops it. */
    void close(Duration patience) {
        try {
            producer.close(patience);
        } catch (InterruptException cause) {
            // Closing goes on; whoever interrupted wants the thread to end.
            Thread.currentThread().interrupt();
        } catch (KafkaException cause) {
            // It was broken: that is why it is closed.
        }
    }

    /** A figure of the producer, NaN when it has none. */
    double metric(String name) {
        for (Metric metric : producer.metrics().values()) {
            if (metric.metricName().group().equals("producer-metrics")
                    && metric.metricName().name().equals(name)
                    && metric.metricValue() instanceof Number number) {
                return number.doubleValue();
            }
        }
        return Double.NaN;
    }

    /** The one object per message besides the record itself. */
    private final class Arrival implements Callback {
        private final Shipment shipment;
        private final int index;

        Arrival(Shipment shipment, int index) {
            this.shipment = shipment;
            this.index = index;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception cause) {
            if (cause == null) {
                answers.arrived(shipment, index);
            } else if (Thread.currentThread().equals(sender)) {
                refusal = cause;
            } else if (!broken) {
                judge(cause);
            }
        }

        private void judge(Exception cause) {
            switch (Verdict.on(cause)) {
                case Verdict.Never never -> answers.refused(shipment, index, never.failure());
                case Verdict.Perhaps perhaps -> answers.putOff(shipment, index, perhaps.failure());
                case Verdict.TopicTrouble trouble -> answers.putOff(shipment, index, trouble.failure());
                case Verdict.Silence _, Verdict.NoRoom _, Verdict.Broken _ -> breakOff(shipment, index, cause);
            }
        }
    }

    /** Of the first message to a topic. */
    private final class First implements Callback {
        private final String topic;
        private final Arrival arrival;

        First(String topic, Arrival arrival) {
            this.topic = topic;
            this.arrival = arrival;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception cause) {
            if (cause == null) {
                remember();
            } else {
                acknowledged.remove(topic);
            }
            arrival.onCompletion(metadata, cause);
            if (!Thread.currentThread().equals(sender)) {
                answers.opened();
            }
        }

        private void remember() {
            if (acknowledged.size() >= TOPICS_MAX) {
                // Their next message goes alone once more.
                acknowledged.values().removeIf(opened -> opened);
            }
            acknowledged.put(topic, true);
        }
    }
}
