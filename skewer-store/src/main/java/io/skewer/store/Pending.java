package io.skewer.store;

/**
 * A batch on its way into the log.
 *
 * @param count its records
 * @param source who brought it
 * @param kept runs once it is committed
 */
record Pending(byte[] batch, int count, String source, Runnable kept) {}
