/**
 * The log of our own processes: every logger of every library ends here, and one replaceable target takes the records.
 * Nothing in this room blocks or fails the thread that logs, and no record is longer than its limit.
 */
@NullMarked
package io.skewer.cli.log;

import org.jspecify.annotations.NullMarked;
