package io.skewer.cli.role;

import io.skewer.core.config.TcpSource;
import io.skewer.core.source.ListeningSocket;
import io.skewer.core.source.tcp.TcpListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Syslog over TCP and unix stream sockets: receive, split, parse, judge, hand over. */
final class TcpMain {
    private TcpMain() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Control control = Control.open(Role.TCP);
        List<TcpSource> sections = control.settings().config().tcpSource();
        StoreLine store = Sources.storeLine(control, Role.TCP);
        TcpListener tcp = new TcpListener(Sources.context(control, store));
        control.serve(new ListenerDuty(store, false, new ListenerDuty.Listener() {
            @Override
            public void listen(int section, List<ListeningSocket> sockets) {
                TcpSource settings = sections.get(section);
                tcp.listen(sockets, settings, Sources.treatment(settings.decoding(), settings.routing()));
            }

            @Override
            public void start() {
                tcp.start();
            }

            @Override
            public boolean drain(Duration timeout) throws InterruptedException {
                return tcp.drain(timeout);
            }

            @Override
            public void close() {
                tcp.close();
            }
        }));
    }
}
