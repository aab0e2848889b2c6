package io.skewer.cli.bench;

import io.skewer.cli.loadgen.Load.Transport;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** A server that takes part. */
enum Contender {
    RSYSLOG {
        @Override
        Running start(Row row, Place place) throws IOException {
            return PeerProcess.rsyslog(row, place);
        }
    },

    /** Has no RELP (3.38). */
    SYSLOG_NG {
        @Override
        Running start(Row row, Place place) throws IOException {
            return PeerProcess.syslogNg(row, place);
        }

        @Override
        boolean can(Row row) {
            return row.transport() != Transport.RELP && super.can(row);
        }

        @Override
        boolean speaksRelp() {
            return false;
        }
    },

    SKEWER {
        @Override
        Running start(Row row, Place place) throws IOException {
            return SkewerProcess.start(row, place, "\"uid\"");
        }

        @Override
        boolean can(Row row) {
            return true;
        }
    },

    /** The same without its jail: what confinement costs, and recordings that a confined process cannot write. */
    SKEWER_UNCONFINED {
        @Override
        Running start(Row row, Place place) throws IOException {
            return SkewerProcess.start(row, place, "\"namespaces\", \"landlock\", \"seccomp\", \"uid\"");
        }
    };

    /** Who is compared when nobody is named. */
    static final List<Contender> PROGRAMS = List.of(RSYSLOG, SYSLOG_NG, SKEWER);

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    abstract Running start(Row row, Place place) throws IOException;

    /** A backlog of many gigabytes takes the others, which write some 25 000 messages a second to disk, most of an hour. */
    boolean can(Row row) {
        return row.group() != Group.BACKLOG;
    }

    boolean speaksRelp() {
        return true;
    }
}
