package io.skewer.cli.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** A logger whose records go to the {@link LogTarget}. Libraries that say much are heard from WARN on, or even later. */
final class TargetLogger extends LegacyAbstractLogger implements LoggingEventAware {
    private static final String[] TALKATIVE = {"org.apache.kafka", "io.netty", "com.ecwid", "org.mapdb"};

    /** Looks for network cards, of which a jail has none, and does not need them. */
    private static final String LOOKING_FOR_CARDS = "io.netty.util.NetUtilInitializations";

    private final boolean isTalkative;
    private final LogLevel quietest;

    TargetLogger(String name) {
        this.name = name;
        boolean found = false;
        for (String prefix : TALKATIVE) {
            found |= name.startsWith(prefix);
        }
        isTalkative = found;
        quietest = name.equals(LOOKING_FOR_CARDS) ? LogLevel.ERROR : LogLevel.WARN;
    }

    private boolean isEnabled(LogLevel level) {
        return LogTarget.isEnabled(level) && (!isTalkative || level.compareTo(quietest) >= 0);
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(LogLevel.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(LogLevel.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(LogLevel.WARN);
    }

    /** True also when only CRIT is wanted: whether a record is one, its marker tells later. */
    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    /** The fluent form: event and pairs. */
    @Override
    public void log(LoggingEvent event) {
        List<LogRecord.Pair> pairs = new ArrayList<>();
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                pairs.add(new LogRecord.Pair(String.valueOf(pair.key), text(pair.value)));
            }
        }
        List<Marker> markers = event.getMarkers();
        boolean isCrit = markers != null && markers.stream().anyMatch(TargetLogger::isCrit);
        String message = format(event.getMessage(), event.getArgumentArray());
        send(level(event.getLevel(), isCrit), message, pairs, event.getThrowable());
    }

    /** The classic form: a sentence with arguments. */
    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String message,
            Object @Nullable [] arguments,
            @Nullable Throwable cause) {
        send(level(level, marker != null && isCrit(marker)), format(message, arguments), List.of(), cause);
    }

    private static boolean isCrit(Marker marker) {
        return LogLevel.CRIT.name().equals(marker.getName());
    }

    private static LogLevel level(Level level, boolean isCrit) {
        return isCrit && level == Level.ERROR ? LogLevel.CRIT : LogLevel.of(level);
    }

    private void send(LogLevel level, String event, List<LogRecord.Pair> pairs, @Nullable Throwable cause) {
        if (isEnabled(level)) {
            LogTarget.accept(
                    new LogRecord(LogTarget.nowNs(), level, name, event, pairs, cause == null ? "" : trace(cause)));
        }
    }

    private static String format(@Nullable String message, Object @Nullable [] arguments) {
        if (message == null) {
            return "";
        }
        try {
            return arguments == null ? message : MessageFormatter.basicArrayFormat(message, arguments);
        } catch (RuntimeException e) { // an argument whose text cannot be made
            return message;
        }
    }

    private static String text(@Nullable Object value) {
        try {
            return String.valueOf(value);
        } catch (RuntimeException e) { // as above
            return "(" + e.getClass().getName() + ")";
        }
    }

    private static String trace(Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
