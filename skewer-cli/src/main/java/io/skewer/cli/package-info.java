/** The program: its entry, and the rooms of its commands, its supervisor and its roles. */
@NullMarked
package io.skewer.cli;

import org.jspecify.annotations.NullMarked;
