package io.skewer.cli.supervise;

import io.skewer.ipc.spawn.LauncherEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps what the launcher tells until there is a supervisor to hear it: a signal may come while sockets are being bound. */
final class EarlyEvents implements Consumer<LauncherEvent> {
    private final List<LauncherEvent> early = new ArrayList<>();
    private @Nullable Consumer<LauncherEvent> listener;

    @Override
    public void accept(LauncherEvent event) {
        synchronized (early) {
            if (listener == null) {
                early.add(event);
            } else {
                listener.accept(event);
            }
        }
    }

    /** Passes on what came so far, and from now on everything, in order. */
    void passOnTo(Consumer<LauncherEvent> consumer) {
        synchronized (early) {
            early.forEach(consumer);
            early.clear();
            listener = consumer;
        }
    }
}
