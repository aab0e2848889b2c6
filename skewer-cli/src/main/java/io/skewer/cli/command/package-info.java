/**
 * The command line: one class per verb, each a few lines over the room that does the work. The operator enters.
 * The only room that sees picocli; standard output carries the answer of a command and nothing else.
 */
@NullMarked
package io.skewer.cli.command;

import org.jspecify.annotations.NullMarked;
