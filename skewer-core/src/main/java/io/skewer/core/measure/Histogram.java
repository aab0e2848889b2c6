package io.skewer.core.measure;

import java.util.Arrays;

/**
 * How values are spread: for each bound the number of values up to it, their sum and their count, as series that Prometheus'
 * {@code histogram_quantile} understands. Safe for use by several threads; cheap enough for once per batch, not per message.
 */
public final class Histogram {
    /** The sum is a counter of whole numbers: a millionth is fine enough for seconds. */
    private static final double SUM_PARTS = 1e6;

    private final double[] bounds;
    private final Counter[] upTo;
    private final Counter all;
    private final Counter count;
    private final Counter sumMillionths;

    private Histogram(double[] bounds, Counter[] upTo, Counter all, Counter count, Counter sumMillionths) {
        this.bounds = bounds;
        this.upTo = upTo;
        this.all = all;
        this.count = count;
        this.sumMillionths = sumMillionths;
    }

    /**
     * @param name with its unit; the series are {@code name_bucket}, {@code name_count} and {@code name_sum}
     * @param bounds rising; values above the last one are in the bucket {@code +Inf}
     */
    public static Histogram of(Measures measures, String name, String help, double... bounds) {
        Counter[] upTo = Arrays.stream(bounds)
                .mapToObj(bound -> measures.counter(name + "_bucket", help, "le", text(bound)))
                .toArray(Counter[]::new);
        Counter sum = new Counter();
        measures.countedElsewhere(name + "_sum", help, () -> sum.value() / SUM_PARTS);
        return new Histogram(
                bounds.clone(),
                upTo,
                measures.counter(name + "_bucket", help, "le", "+Inf"),
                measures.counter(name + "_count", help),
                sum);
    }

    private static String text(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    public void record(double value) {
        for (int i = bounds.length - 1; i >= 0 && value <= bounds[i]; i--) {
            upTo[i].increment();
        }
        all.increment();
        count.increment();
        sumMillionths.add(Math.round(value * SUM_PARTS));
    }
}
