/**
 * Sends numbered syslog messages as fast as a receiver takes them, or at a rate, and says how that went. The command {@code loadgen} and the benchmarks
 * enter by {@link io.skewer.cli.loadgen.Loadgen}. Nothing of the daemon's own data path is used here: a sender that shared its faults would not show them.
 */
@NullMarked
package io.skewer.cli.loadgen;

import org.jspecify.annotations.NullMarked;
