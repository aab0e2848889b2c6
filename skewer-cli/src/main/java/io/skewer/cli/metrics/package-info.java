/**
 * The metrics page of the supervisor. It hands in what to show.
 * Nothing is measured here, and nothing but two paths is served.
 */
@NullMarked
package io.skewer.cli.metrics;

import org.jspecify.annotations.NullMarked;
