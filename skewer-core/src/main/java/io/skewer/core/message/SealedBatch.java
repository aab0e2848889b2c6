package io.skewer.core.message;

/**
 * A finished batch, in the form of {@link Batch}. Whoever holds it owns the bytes.
 *
 * @param bytes head and payload, exactly
 * @param count its records
 */
public record SealedBatch(byte[] bytes, int count) {}
