package io.skewer.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MarkerFactory;

class LogTargetTest {
    private final List<LogRecord> records = new ArrayList<>();
    private final Logger log = LoggerFactory.getLogger("io.skewer.Test");

    @BeforeEach
    void catchRecords() {
        LogTarget.install(records::add);
    }

    @AfterEach
    void restore() {
        LogTarget.threshold(LogLevel.INFO);
        LogTarget.install(new LogOutput(LogFormat.LOGFMT, System.err));
    }

    @Test
    void theFluentFormBecomesEventAndPairsInOrder() {
        long before = LogTarget.nowNs();
        log.atWarn()
                .setMessage("tcp.refused")
                .addKeyValue("port", 1514)
                .addKeyValue("address", (Object) null)
                .log();

        assertThat(records).hasSize(1);
        assertThat(records.getFirst().event()).isEqualTo("tcp.refused");
        assertThat(records.getFirst().level()).isEqualTo(LogLevel.WARN);
        assertThat(records.getFirst().logger()).isEqualTo("io.skewer.Test");
        assertThat(records.getFirst().pairs())
                .containsExactly(new LogRecord.Pair("port", "1514"), new LogRecord.Pair("address", "null"));
        assertThat(records.getFirst().timeNs()).isBetween(before, LogTarget.nowNs());
    }

    @Test
    void theClassicFormBecomesASentence() {
        log.error("{} of {}", 1, 2, new IllegalStateException("why"));
        assertThat(records.getFirst().event()).isEqualTo("1 of 2");
        assertThat(records.getFirst().throwable())
                .startsWith("java.lang.IllegalStateException: why")
                .contains("LogTargetTest");
    }

    @Test
    void belowTheThresholdNothingIsMade() {
        log.debug("no");
        log.atDebug().setMessage("no").log();
        LogTarget.threshold(LogLevel.DEBUG);
        log.debug("yes");
        log.trace("never");
        LogTarget.threshold(LogLevel.CRIT);
        log.error("not enough");
        log.error(MarkerFactory.getMarker("CRIT"), "last words");
        log.atError().addMarker(MarkerFactory.getMarker("CRIT")).log("last event");
        assertThat(records).extracting(LogRecord::event).containsExactly("yes", "last words", "last event");
        assertThat(records.getLast().level()).isEqualTo(LogLevel.CRIT);
    }

    @Test
    void talkativeLibrariesAreHeardFromWarnOn() {
        Logger kafka = LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient");
        kafka.info("Cluster ID: x");
        kafka.warn("Connection to node -1 could not be established");
        assertThat(records).hasSize(1);
    }

    @Test
    void whatTheTargetLogsItselfDoesNotComeBackToIt() {
        long lost = LogTarget.lost();
        LogTarget.install(record -> {
            records.add(record);
            log.info("again");
        });
        log.info("once");
        assertThat(records).hasSize(1);
        assertThat(LogTarget.lost()).isEqualTo(lost + 1);
    }

    @Test
    void aTargetOrAnArgumentThatFailsDoesNotFailTheCaller() {
        Object broken = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("broken");
            }
        };
        log.atInfo().setMessage("e").addKeyValue("k", broken).log();
        assertThat(records.getFirst().pairs().getFirst().value()).isEqualTo("(java.lang.IllegalStateException)");
        long lost = LogTarget.lost();
        LogTarget.install(record -> {
            throw new IllegalStateException("broken");
        });
        log.info("x");
        assertThat(LogTarget.lost()).isEqualTo(lost + 1);
    }
}
