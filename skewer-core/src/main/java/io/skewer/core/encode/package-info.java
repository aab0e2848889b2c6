/**
 * From a record to the bytes a destination wants, one class per format behind {@link io.skewer.core.encode.Encoder}.
 * Forwarders enter. Encoders never change the record.
 */
@NullMarked
package io.skewer.core.encode;

import org.jspecify.annotations.NullMarked;
