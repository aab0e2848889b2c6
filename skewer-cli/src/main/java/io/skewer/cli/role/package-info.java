/**
 * One main per role, each a screen of wiring, and what they share: the control link and the two ends of the data links.
 * The launcher enters here; nothing here decides about other processes.
 */
@NullMarked
package io.skewer.cli.role;

import org.jspecify.annotations.NullMarked;
