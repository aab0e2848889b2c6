/**
 * What commands do with the files of a store: look, check, export, import, repair. Commands enter; the running store never does. What only
 * looks needs no lock and changes nothing, so it works beside a running store as well.
 */
@NullMarked
package io.skewer.store.tool;

import org.jspecify.annotations.NullMarked;
