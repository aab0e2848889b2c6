/**
 * Records that a destination will never take, kept with the reason. The store enters. The only room of the store that looks into a batch,
 * and only to cut one record out of it.
 */
@NullMarked
package io.skewer.store.deadletter;

import org.jspecify.annotations.NullMarked;
