/**
 * The destination Kafka: the only room that sees the producer of kafka-clients. The forwarder enters with batches; what the brokers have
 * acknowledged is settled, and nothing else ever is.
 */
@NullMarked
package io.skewer.sinks.kafka;

import org.jspecify.annotations.NullMarked;
