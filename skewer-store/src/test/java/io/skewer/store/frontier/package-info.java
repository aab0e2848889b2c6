/**
 * Tests of frontiers and their file. Nothing here is part of the product.
 */
@NullMarked
package io.skewer.store.frontier;

import org.jspecify.annotations.NullMarked;
