package io.skewer.cli.micro;

import java.util.Arrays;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Work that has nothing to do with skewer: how fast this machine is now, so that figures of another day or machine can be compared. */
@State(Scope.Thread)
public class ReferenceBenchmark {
    private final int[] numbers = new Random(1).ints(1024).toArray();

    /** Sorts 1024 integers. */
    @Benchmark
    public int[] reference() {
        int[] copy = numbers.clone();
        Arrays.sort(copy);
        return copy;
    }
}
