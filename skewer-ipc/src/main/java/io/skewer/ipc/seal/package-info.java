/**
 * Encryption of frames: a key per link and direction, a counter that makes replay, reorder and reflection fail.
 * Links enter, and whoever makes a secret for one; nothing here reads or writes.
 */
@NullMarked
package io.skewer.ipc.seal;

import org.jspecify.annotations.NullMarked;
