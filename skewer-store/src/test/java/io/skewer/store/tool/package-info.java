/**
 * Tests of the form of exported files. Nothing here is part of the product.
 */
@NullMarked
package io.skewer.store.tool;

import org.jspecify.annotations.NullMarked;
