package io.skewer.sinks.kafka;

import io.skewer.sinks.Failure;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;

/** What an answer of the producer means for a record. */
sealed interface Verdict {
    /** It will never be taken. */
    record Never(Failure failure) implements Verdict {}

    /** Its topic is not to be had now; perhaps in some seconds, perhaps never. */
    record TopicTrouble(Failure failure) implements Verdict {}

    /** It was refused, and may be taken a little later. */
    record Perhaps(Failure failure) implements Verdict {}

    /** Nobody has answered yet. */
    record Silence() implements Verdict {}

    /** The producer's memory is full. */
    record NoRoom() implements Verdict {}

    /** The producer is of no use any more. */
    record Broken() implements Verdict {}

    static Verdict on(Exception answer) {
        return switch (answer) {
            case RecordTooLargeException e -> never(Failure.Reason.TOO_LARGE, e);
            case RecordBatchTooLargeException e -> never(Failure.Reason.TOO_LARGE, e);
            case InvalidTopicException e -> never(Failure.Reason.INVALID_TOPIC, e);
            // Tried again it would each time cost those a new producer that travel with it, and say the same.
            case InvalidRecordException e -> never(Failure.Reason.REFUSED, e);
            case InvalidTimestampException e -> never(Failure.Reason.REFUSED, e);
            case PolicyViolationException e -> new Perhaps(failure(Failure.Reason.REFUSED, e));
            case UnsupportedForMessageFormatException e -> new Perhaps(failure(Failure.Reason.REFUSED, e));
            case SerializationException e -> never(Failure.Reason.ENCODING, e);
            case TopicAuthorizationException e -> new TopicTrouble(failure(Failure.Reason.NOT_AUTHORIZED, e));
            case UnknownTopicOrPartitionException e -> new TopicTrouble(failure(Failure.Reason.INVALID_TOPIC, e));
            case TimeoutException e
            when e.getCause() instanceof UnknownTopicOrPartitionException cause ->
                new TopicTrouble(failure(Failure.Reason.INVALID_TOPIC, cause));
            case TimeoutException e
            when e.getCause() instanceof TopicAuthorizationException cause ->
                new TopicTrouble(failure(Failure.Reason.NOT_AUTHORIZED, cause));
            case TimeoutException e
            when e.getCause() instanceof InvalidTopicException cause -> never(Failure.Reason.INVALID_TOPIC, cause);
            case BufferExhaustedException _ -> new NoRoom();
            case TimeoutException _ -> new Silence();
            default -> new Broken();
        };
    }

    private static Never never(Failure.Reason reason, Exception cause) {
        return new Never(failure(reason, cause));
    }

    static Failure failure(Failure.Reason reason, Exception cause) {
        String text = String.valueOf(cause.getMessage());
        return new Failure(
                reason, cause.getClass().getSimpleName() + ": " + text.substring(0, Math.min(200, text.length())));
    }
}
