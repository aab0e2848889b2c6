/**
 * Files of batches: their form, writing one, reading one, and the keys that seal them. The other rooms of the store enter.
 * Nothing here knows destinations, threads or what a batch holds.
 */
@NullMarked
package io.skewer.store.segment;

import org.jspecify.annotations.NullMarked;
