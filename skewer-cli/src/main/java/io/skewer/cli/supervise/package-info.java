/**
 * The supervisor: which processes run, how they are joined, what happens when one dies. The serve command enters.
 * The only room that starts processes; no message ever passes through it.
 */
@NullMarked
package io.skewer.cli.supervise;

import org.jspecify.annotations.NullMarked;
