/**
 * The durable log: append, offer, settle. The store role enters; batches are opaque here, and nothing here knows links or
 * destinations other than by name.
 */
@NullMarked
package io.skewer.store;

import org.jspecify.annotations.NullMarked;
