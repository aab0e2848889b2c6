/**
 * Tests of the form of segments. Nothing here is part of the product.
 */
@NullMarked
package io.skewer.store.segment;

import org.jspecify.annotations.NullMarked;
