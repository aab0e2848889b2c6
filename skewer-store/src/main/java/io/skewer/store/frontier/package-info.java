/**
 * How far each destination has come, in memory and in the state file. The store and its recovery enter. Nothing here reads a batch.
 */
@NullMarked
package io.skewer.store.frontier;

import org.jspecify.annotations.NullMarked;
