package io.skewer.cli.log;

import java.util.Locale;
import java.util.Optional;
import org.slf4j.event.Level;

/** How much a record matters. {@link #CRIT} is for what ends the process; a record gets it by the marker of that name. */
public enum LogLevel {
    DEBUG(7),
    INFO(6),
    WARN(4),
    ERROR(3),
    CRIT(2);

    private final int syslogSeverity;

    LogLevel(int syslogSeverity) {
        this.syslogSeverity = syslogSeverity;
    }

    /** RFC 5424 section 6.2.1. */
    int syslogSeverity() {
        return syslogSeverity;
    }

    /** As it is written in logs and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The level of that word. */
    public static Optional<LogLevel> of(String word) {
        for (LogLevel level : values()) {
            if (level.name().equalsIgnoreCase(word)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    static LogLevel of(Level level) {
        return switch (level) {
            case TRACE, DEBUG -> DEBUG;
            case INFO -> INFO;
            case WARN -> WARN;
            case ERROR -> ERROR;
        };
    }
}
