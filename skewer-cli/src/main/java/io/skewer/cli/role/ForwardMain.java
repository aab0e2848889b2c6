package io.skewer.cli.role;

import io.skewer.ipc.link.Link;
import io.skewer.sinks.Settler;
import io.skewer.sinks.Sink;
import io.skewer.sinks.catalog.Sinks;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A forwarder process: send, settle. It serves the one destination that its name tells; a {@link ForwardSession} lives as long as a
 * link to the store.
 */
final class ForwardMain {
    private ForwardMain() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Role role = Role.ofTitle(args[0]);
        Control control = Control.open(role);
        Settings settings = control.settings();
        Function<Settler, Sink> sinks = settings.printToStdout()
                ? settler -> Sinks.toStdout(settings.config(), settler, control.measures())
                : settler -> Sinks.of(role.destination(), settings.config(), settler, control.measures());
        control.serve(new Duty() {
            private @Nullable ForwardSession session;

            @Override
            public void join(Role peer, Link link) throws IOException, InterruptedException {
                ForwardSession before = session;
                if (before != null) {
                    before.close();
                }
                session = ForwardSession.begin(link, sinks, control::linkLost);
            }

            @Override
            public void start() {
                // The session began when it was joined.
            }

            @Override
            public void stop(Duration timeout) throws InterruptedException {
                ForwardSession last = session;
                if (last != null) {
                    last.close();
                }
            }
        });
    }
}
