package io.skewer.sinks.kafka;

import io.skewer.sinks.Shipment;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A message ready for the producer.
 *
 * @param index its place in the batch of the shipment
 */
record Held(Shipment shipment, int index, ProducerRecord<byte[], byte[]> record) {}
