/**
 * The destinations by the names that the configuration uses. Forwarders enter here and leave with a {@link io.skewer.sinks.Sink}.
 * Nothing is delivered here.
 */
@NullMarked
package io.skewer.sinks.catalog;

import org.jspecify.annotations.NullMarked;
