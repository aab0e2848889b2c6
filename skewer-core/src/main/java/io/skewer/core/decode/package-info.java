/**
 * From a frame to a record, one class per format behind {@link io.skewer.core.decode.Decoder}. Listeners enter.
 * No decoder keeps state between frames, throws for bad input, or loses a byte of it.
 */
@NullMarked
package io.skewer.core.decode;

import org.jspecify.annotations.NullMarked;
