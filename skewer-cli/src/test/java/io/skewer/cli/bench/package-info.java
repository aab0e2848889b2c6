/**
 * Measures skewer and a tuned rsyslog side by side, on the same machine, in the same run, in turns. Enter by {@link io.skewer.cli.bench.SideBySideBench};
 * docs/performance.md says how to run it and what came out. Nothing here judges: a bench has no right answer, so no test may depend on it.
 */
@NullMarked
package io.skewer.cli.bench;

import org.jspecify.annotations.NullMarked;
