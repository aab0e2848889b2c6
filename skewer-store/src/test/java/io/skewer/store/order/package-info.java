/**
 * Tests of the form of orders. Nothing here is part of the product.
 */
@NullMarked
package io.skewer.store.order;

import org.jspecify.annotations.NullMarked;
