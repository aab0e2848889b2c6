/**
 * Counters and gauges and their text for Prometheus. Every room counts here.
 * No measure is ever computed by polling, and labels have a bounded number of values.
 */
@NullMarked
package io.skewer.core.measure;

import org.jspecify.annotations.NullMarked;
