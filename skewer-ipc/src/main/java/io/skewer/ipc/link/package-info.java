/**
 * Frames over inherited socket pairs, and the credit that bounds them. Every role enters; nothing here knows what the
 * bytes mean.
 */
@NullMarked
package io.skewer.ipc.link;

import org.jspecify.annotations.NullMarked;
