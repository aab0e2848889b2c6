package io.skewer.cli.role;

import io.skewer.core.config.RelpSource;
import io.skewer.core.source.ListeningSocket;
import io.skewer.core.source.relp.RelpListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** RELP over TCP and unix stream sockets: receive, split, parse, judge, hand over, and answer when the store has it. */
final class RelpMain {
    private RelpMain() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Control control = Control.open(Role.RELP);
        List<RelpSource> sections = control.settings().config().relpSource();
        StoreLine store = Sources.storeLine(control, Role.RELP);
        RelpListener relp = new RelpListener(Sources.context(control, store));
        control.serve(new ListenerDuty(store, true, new ListenerDuty.Listener() {
            @Override
            public void listen(int section, List<ListeningSocket> sockets) {
                RelpSource settings = sections.get(section);
                relp.listen(sockets, settings, Sources.treatment(settings.decoding(), settings.routing()));
            }

            @Override
            public void start() {
                relp.start();
            }

            @Override
            public boolean drain(Duration timeout) throws InterruptedException {
                return relp.drain(timeout);
            }

            @Override
            public void close() {
                relp.close();
            }
        }));
    }
}
