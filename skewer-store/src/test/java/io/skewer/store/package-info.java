/**
 * Tests of the store as a whole, and what they stand on: a disk that forgets, batches, a child process to kill.
 * Nothing here is part of the product.
 */
@NullMarked
package io.skewer.store;

import org.jspecify.annotations.NullMarked;
