package io.skewer.cli.role;

import io.skewer.core.config.UdpSource;
import io.skewer.core.source.ListeningSocket;
import io.skewer.core.source.udp.UdpListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Syslog over UDP and unix datagram sockets: receive, parse, judge, hand over. */
final class UdpMain {
    private UdpMain() {}

    static void main(String[] args) throws IOException, InterruptedException {
        Control control = Control.open(Role.UDP);
        List<UdpSource> sections = control.settings().config().udpSource();
        StoreLine store = Sources.storeLine(control, Role.UDP);
        UdpListener udp = new UdpListener(Sources.context(control, store));
        control.serve(new ListenerDuty(store, false, new ListenerDuty.Listener() {
            @Override
            public void listen(int section, List<ListeningSocket> sockets) {
                UdpSource settings = sections.get(section);
                udp.listen(sockets, settings, Sources.treatment(settings.decoding(), settings.routing()));
            }

            @Override
            public void start() {
                udp.start();
            }

            @Override
            public boolean drain(Duration timeout) throws InterruptedException {
                return udp.drain(timeout);
            }

            @Override
            public void close() {
                udp.close();
            }
        }));
    }
}
