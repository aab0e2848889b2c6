package io.skewer.cli.supervise;

import io.skewer.cli.role.Role;
import io.skewer.core.measure.Measures;
import io.skewer.core.measure.ProcessSamples;
import io.skewer.core.measure.Sample;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Gathers the measures of all processes under a {@code process} label. Counters go on where those of the process before stood.
 *
 * <p>{@link #ended} comes from the supervisor's thread, {@link #gather} from any.
 */
final class ProcessMeasures {
    /** A scrape waits no longer; what a late child said before stands in. */
    private static final long PATIENCE_MS = 2_000;

    private final Measures own;
    private final Map<Role, CounterTotals> ended = new EnumMap<>(Role.class);

    ProcessMeasures(Measures own) {
        this.own = own;
    }

    /** A child ended: what it had counted when it was last asked stays. */
    void ended(Child child) {
        ended.merge(
                child.role(),
                CounterTotals.NONE.plus(child.lastSamples()),
                (before, _) -> before.plus(child.lastSamples()));
    }

    /** Who runs, and what those that ended had counted, at one moment. Taken on the supervisor's thread. */
    record Scene(List<Child> children, Map<Role, CounterTotals> ended) {}

    Scene scene(Collection<Child> children) {
        return new Scene(List.copyOf(children), Map.copyOf(ended));
    }

    List<Sample> gather(Scene scene) {
        Map<Child, CompletableFuture<List<Sample>>> answers = new LinkedHashMap<>();
        for (Child child : scene.children()) {
            answers.put(
                    child, child.measure().completeOnTimeout(child.lastSamples(), PATIENCE_MS, TimeUnit.MILLISECONDS));
        }
        ProcessSamples all = new ProcessSamples().add("supervisor", own.snapshot());
        Map<Role, CounterTotals> restarting = new EnumMap<>(Role.class);
        restarting.putAll(scene.ended());
        answers.forEach((child, answer) -> {
            restarting.remove(child.role());
            CounterTotals before = scene.ended().getOrDefault(child.role(), CounterTotals.NONE);
            all.add(child.role().title(), before.addedTo(answer.join()));
        });
        restarting.forEach((role, totals) -> all.add(role.title(), totals.addedTo(List.of())));
        return all.all();
    }
}
