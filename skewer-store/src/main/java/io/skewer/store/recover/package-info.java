/**
 * From whatever files are there to a store that works, in a time that does not depend on the backlog. The store enters once, at its
 * start. Nothing here is used while messages flow, but for the quarantine.
 */
@NullMarked
package io.skewer.store.recover;

import org.jspecify.annotations.NullMarked;
