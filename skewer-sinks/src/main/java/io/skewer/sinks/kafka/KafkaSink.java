package io.skewer.sinks.kafka;

import io.skewer.core.config.KafkaDestination;
import io.skewer.core.encode.Encoder;
import io.skewer.core.measure.Counter;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.Batch;
import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import io.skewer.core.message.RecordView;
import io.skewer.core.template.TopicName;
import io.skewer.sinks.Backoff;
import io.skewer.sinks.Delivery;
import io.skewer.sinks.Failure;
import io.skewer.sinks.OpenRecords;
import io.skewer.sinks.Settler;
import io.skewer.sinks.Shipment;
import io.skewer.sinks.Sink;
import io.skewer.sinks.Tally;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages to Kafka, and settles those that a broker has acknowledged with {@code acks=all}.
 *
 * <p>A producer can end in four ways for a record, and only two of them say anything about the record ({@link Verdict}). A broker
 * <em>acknowledges</em> it, or <em>refuses</em> it for good: it settles. What is refused but may be taken a little later is tried again a bounded
 * number of times, beside all others: ({@link SecondTries}). Or nobody answers, or there is no room: the sender <em>waits</em>, for ever if need be, and so the store stops offering. Or the producer itself <em>breaks</em> (fenced, its sequence numbers no longer believed,
 * not let in): then nothing is known of all that was on its way. For this case every batch stays in memory until it is settled. The broken
 * producer is closed, which waits until its last answer has been heard; a new one is made; and everything that is still open is sent over it,
 * oldest first. So nothing is lost, what comes twice is at most what was on its way, and the order per key is kept among first deliveries.
 *
 * <p>Order within one producer is the idempotent producer's own: at most five requests on their way, numbered per partition.
 *
 * <p>Three threads: the caller sends; the producer's own thread answers; the mender does the repair when no {@link #send} comes along
 * to find the damage, and looks once per second whether anything moves. Whoever sends or mends holds {@link #turn}; the answering thread
 * never takes it, because the others may hold it while they wait for the room that only answers can make.
 */
public final class KafkaSink implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSink.class);
    private static final long LOOK_NS = 1_000_000_000L;
    /** A batch that is open for so long while others arrive hangs on a partition that is gone; a new producer finds out. */
    private static final long STALLED_NS = Duration.ofMinutes(2).toNanos();

    private static final Duration ROOM_PAUSE = Duration.ofMillis(2);
    /** How often the mender looks while something waits for another try. */
    private static final long RETRY_LOOK_NS = 20_000_000L;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private record Underway(Shipment shipment, long sinceNs) {}

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Encoder encoder;
    private final Settler settler;
    private final Measures measures;
    private final Tally tally;
    private final Counter rebuilds;
    private final Thread mender;
    private final Answers answers = new Answers();
    private final Reachability reachability = new Reachability(System::nanoTime);
    private volatile boolean closing;

    private final ReentrantLock turn = new ReentrantLock();
    private final Deque<Underway> open = new ArrayDeque<>();
    private final OpenRecords records;
    private final ByteBuilder value = new ByteBuilder(64 * 1024);
    private final Interned topics = new Interned();
    private final Interned keys = new Interned();
    private final int maxAttempts;
    private final SecondTries again;
    private final Backoff pauses = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
    private long mendedNs = System.nanoTime();
    private volatile @Nullable Line line;

    /** @param encoder for values; used by this sink only */
    public KafkaSink(KafkaDestination kafka, Encoder encoder, Settler settler, Measures measures) {
        this(kafka, () -> ProducerSettings.newProducer(kafka), encoder, settler, measures);
    }

    KafkaSink(
            KafkaDestination kafka,
            Supplier<Producer<byte[], byte[]>> producers,
            Encoder encoder,
            Settler settler,
            Measures measures) {
        this.producers = producers;
        this.encoder = encoder;
        this.settler = settler;
        this.measures = measures;
        tally = new Tally(measures, "kafka");
        records = new OpenRecords(tally);
        maxAttempts = kafka.maxAttempts();
        again = new SecondTries(kafka, this::fail, this::breakOffWhenStalled, tally, reachability);
        rebuilds = measures.counter("skewer_kafka_rebuilds_total", "Producers that broke and were replaced.");
        mender = Thread.ofPlatform().daemon().name("kafka-mender").unstarted(this::watch);
        mender.start();
    }

    @Override
    public void send(Delivery delivery) throws InterruptedException {
        int count = Batch.read(delivery.batch(), 0, delivery.batch().length).count();
        turn.lockInterruptibly();
        try {
            forgetComplete();
            if (open.isEmpty()) {
                reachability.begin();
            }
            Shipment shipment = new Shipment(delivery, count, settler);
            open.addLast(new Underway(shipment, System.nanoTime()));
            boolean wasWaiting = again.isWaiting();
            if (!ship(shipment) || !tryAgain()) {
                mend();
            }
            if (!wasWaiting && again.isWaiting()) {
                LockSupport.unpark(mender);
            }
        } finally {
            turn.unlock();
        }
    }

    @Override
    public long idle() {
        return NEVER_NS; // the producer sends what is buffered after its linger time, which is milliseconds
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        mender.interrupt();
        mender.join();
        turn.lockInterruptibly();
        try {
            Line last = line;
            if (last != null) {
                last.close(CLOSE_PATIENCE);
            }
            open.forEach(underway -> underway.shipment().settle());
            open.clear();
        } finally {
            turn.unlock();
        }
    }

    /** Sends the records of a batch that are still open. @return false when the producer broke or there is none */
    private boolean ship(Shipment shipment) throws InterruptedException {
        Line over = line;
        if (over == null) {
            return false;
        }
        records.open(shipment);
        while (records.next()) {
            if (over.isBroken() || !shipRecord(over, shipment, records.index())) {
                return false;
            }
        }
        return true;
    }

    private boolean shipRecord(Line over, Shipment shipment, int index) throws InterruptedException {
        RecordView view = records.record();
        String topic = view.has(Field.TOPIC) ? topics.get(view, Field.TOPIC).text() : TopicName.DEFAULT;
        if (again.isBarred(topic)) {
            fail(
                    shipment,
                    index,
                    new Failure(Failure.Reason.INVALID_TOPIC, "the topic was not to be had a moment ago"));
            return true;
        }
        ProducerRecord<byte[], byte[]> record = toRecord(view, topic);
        if (record == null) {
            fail(shipment, index, new Failure(Failure.Reason.ENCODING, "the record is damaged"));
            return true;
        }
        boolean mustWait = again.isOnTrial(topic) || over.isOpening(topic);
        return mustWait ? again.hold(over, new Held(shipment, index, record)) : offer(over, record, shipment, index);
    }

    /** @return false when the producer broke */
    private boolean offer(Line over, ProducerRecord<byte[], byte[]> record, Shipment shipment, int index)
            throws InterruptedException {
        while (!over.isBroken()) {
            Exception refusal = over.offer(record, shipment, index);
            if (refusal == null) {
                return true;
            }
            Held message = new Held(shipment, index, record);
            switch (Verdict.on(refusal)) {
                case Verdict.Never never -> {
                    fail(shipment, index, never.failure());
                    return true;
                }
                case Verdict.Perhaps perhaps -> {
                    again.putOff(shipment, index, perhaps.failure());
                    return true;
                }
                case Verdict.TopicTrouble trouble -> {
                    return again.topicRefused(over, message, trouble.failure());
                }
                case Verdict.Silence _ -> {
                    if (again.putOffWithoutPartition(over, message)) {
                        return true;
                    }
                    if (over.isHeard()) {
                        return again.hold(over, message);
                    }
                    reachability.waiting(String.valueOf(refusal.getMessage()));
                    Thread.sleep(TopicTrials.SILENCE_PAUSE);
                }
                case Verdict.NoRoom _ -> {
                    reachability.waiting(String.valueOf(refusal.getMessage()));
                    Thread.sleep(ROOM_PAUSE);
                }
                case Verdict.Broken _ -> over.breakOff(shipment, index, refusal);
            }
        }
        return false;
    }

    /** Tries again what is due. @return false when the producer broke */
    private boolean tryAgain() throws InterruptedException {
        Line over = line;
        if (over == null) {
            return open.isEmpty();
        }
        again.tryTopics(over);
        for (Map.Entry<Shipment, SortedSet<Integer>> due : again.takeDue().entrySet()) {
            records.open(due.getKey());
            while (!over.isBroken() && records.next()) {
                if (due.getValue().contains(records.index())) {
                    shipRecord(over, due.getKey(), records.index());
                }
            }
        }
        return !over.isBroken();
    }

    /** @return null when the bytes are no record */
    private @Nullable ProducerRecord<byte[], byte[]> toRecord(RecordView view, String topic) {
        value.clear();
        try {
            encoder.encode(view, value);
        } catch (IllegalArgumentException cause) {
            return null;
        }
        byte[] key = view.has(Field.KEY) ? keys.get(view, Field.KEY).bytes() : null;
        Integer partition = view.partition() >= 0 ? view.partition() : null;
        long timestampMs = Math.max(0, view.reportedNs() / 1_000_000);
        return new ProducerRecord<>(topic, partition, timestampMs, key, value.toByteArray());
    }

    /** Makes a new producer and sends everything that is open over it, again and again until it holds. */
    private void mend() throws InterruptedException {
        boolean whole = false;
        while (!whole) {
            Line old = line;
            if (old != null) {
                line = null;
                old.close(Duration.ZERO);
                rebuilds.increment();
                pauses.pause();
            }
            again.release();
            try {
                line = new Line(producers.get(), answers);
                showProducer();
                mendedNs = System.nanoTime();
                whole = shipAll();
            } catch (KafkaException cause) {
                // No broker's name resolves, for example.
                reachability.waiting(String.valueOf(cause.getCause()));
                pauses.pause();
            }
        }
    }

    private boolean shipAll() throws InterruptedException {
        for (Underway underway : open) {
            if (!underway.shipment().isComplete() && !ship(underway.shipment())) {
                return false;
            }
        }
        return true;
    }

    private void fail(Shipment shipment, int record, Failure failure) {
        again.forget(shipment, record);
        tally.failed(failure);
        shipment.failed(record, failure);
    }

    private void forgetComplete() {
        while (!open.isEmpty() && open.peekFirst().shipment().isComplete()) {
            open.removeFirst();
            pauses.reset();
        }
    }

    private void showProducer() {
        showGauge("outgoing-byte-rate", "skewer_kafka_outgoing_bytes_per_second", "Bytes sent to the brokers.");
        showGauge("record-send-rate", "skewer_kafka_records_per_second", "Records sent to the brokers.");
        showGauge("request-rate", "skewer_kafka_requests_per_second", "Requests sent to the brokers.");
        showGauge("request-size-avg", "skewer_kafka_request_size_bytes", "Mean size of a request.");
    }

    private void showGauge(String metric, String name, String help) {
        measures.gauge(name, help, () -> {
            Line now = line;
            return now == null ? Double.NaN : now.metric(metric);
        });
    }

    /** The mender's life. */
    private void watch() {
        try {
            while (!closing) {
                LockSupport.parkNanos(again.isWaiting() ? RETRY_LOOK_NS : LOOK_NS);
                Line now = line;
                if (now != null && now.isBroken()) {
                    repair();
                } else if (turn.tryLock()) {
                    look();
                }
            }
        } catch (InterruptedException stop) {
            // The sink is closing.
        }
    }

    private void repair() throws InterruptedException {
        turn.lockInterruptibly();
        try {
            Line now = line;
            if (now != null && now.isBroken()) {
                mend();
            }
        } finally {
            turn.unlock();
        }
    }

    private void look() throws InterruptedException {
        try {
            forgetComplete();
            if (!open.isEmpty()) {
                tryAgain();
            }
            if (open.isEmpty() || line == null) {
                return;
            }
            reachability.waiting("no acknowledgement for some seconds");
            if (!reachability.isUnreachable()) {
                breakOffWhenStalled();
            }
        } finally {
            turn.unlock();
        }
    }

    /** A producer that has kept a batch for too long is replaced, and everything that is open sent again. For whoever has the turn. */
    private void breakOffWhenStalled() {
        Underway oldest = open.peekFirst();
        Line current = line;
        long now = System.nanoTime();
        if (oldest != null && current != null && now - oldest.sinceNs() > STALLED_NS && now - mendedNs > STALLED_NS) {
            current.breakOff(oldest.shipment(), -1, new IllegalStateException("a partition is stalled"));
        }
    }

    /** What the producer's thread does. */
    private final class Answers implements Line.Answers {
        private @Nullable Shipment culprit;
        private int culpritRecord = -1;
        private int culpritFailures;

        @Override
        public void arrived(Shipment shipment, int record) {
            tally.sent(1);
            reachability.progress();
            again.forget(shipment, record);
            shipment.delivered(record, record + 1);
        }

        @Override
        public void opened() {
            LockSupport.unpark(mender);
        }

        @Override
        public void refused(Shipment shipment, int record, Failure failure) {
            reachability.progress();
            fail(shipment, record, failure);
        }

        @Override
        public void putOff(Shipment shipment, int record, Failure failure) {
            again.putOff(shipment, record, failure);
            LockSupport.unpark(mender);
        }

        @Override
        public void broke(Shipment shipment, int record, Exception cause) {
            LOG.atWarn()
                    .setMessage("kafka.producer_broke")
                    .addKeyValue("reason", cause.toString())
                    .log();
            if (cause instanceof UnknownServerException) {
                blame(shipment, record, cause);
            }
            LockSupport.unpark(mender);
        }

        private void blame(Shipment shipment, int record, Exception cause) {
            culpritFailures = shipment == culprit && record == culpritRecord ? culpritFailures + 1 : 1;
            culprit = shipment;
            culpritRecord = record;
            if (culpritFailures >= maxAttempts) {
                Failure failure = Verdict.failure(Failure.Reason.REFUSED, cause);
                fail(shipment, record, new Failure(failure.reason(), culpritFailures, failure.text()));
            }
        }
    }
}
