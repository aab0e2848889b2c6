/**
 * What one step of the data path costs, alone: JMH benchmarks, and {@link io.skewer.cli.micro.MicroComparison}, which runs all of them and compares
 * with what was recorded. A change that has to be fast is judged here before it is measured as a whole in {@code bench}.
 */
@NullMarked
package io.skewer.cli.micro;

import org.jspecify.annotations.NullMarked;
