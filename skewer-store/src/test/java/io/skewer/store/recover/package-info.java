/**
 * Tests of the form of dead letters. Nothing here is part of the product.
 */
@NullMarked
package io.skewer.store.recover;

import org.jspecify.annotations.NullMarked;
