package io.skewer.cli.e2e;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A RELP sender: all that was acknowledged arrives, in order. */
final class RelpLoad implements SoakLoad {
    private final TestDaemon daemon;
    private final String name;
    private final int perSecond;
    private @Nullable RelpTraffic traffic;
    private int acknowledged;

    RelpLoad(TestDaemon daemon, String name, int perSecond) {
        this.daemon = daemon;
        this.name = name;
        this.perSecond = perSecond;
    }

    @Override
    public void start() {
        traffic = RelpTraffic.start(daemon.relpPort, name, perSecond);
    }

    @Override
    public void stop() throws Exception {
        if (traffic != null) {
            acknowledged = traffic.stop();
        }
    }

    @Override
    public int promised() {
        return acknowledged;
    }

    @Override
    public List<String> faults(History history) {
        return history.faults(acknowledged, name);
    }

    @Override
    public void close() {
        if (traffic != null) {
            traffic.close();
        }
    }
}
