package io.skewer.cli.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as lines to standard error or to a file, and to the local syslog when there is one. May block as long as what it
 * writes to: put a {@link LogQueue} before it. Safe for use by several threads. A line that cannot be written is counted; when the
 * file fails, standard error gets the line.
 */
public final class LogOutput implements Consumer<LogRecord>, AutoCloseable {
    private final LogFormat format;
    private final @Nullable Path file;
    private final OutputStream standardError;
    /** Guards what follows, and the order of lines. */
    private final ReentrantLock writing = new ReentrantLock();

    private @Nullable OutputStream opened;
    private @Nullable LocalSyslog syslog;
    private long failures;

    LogOutput(LogFormat format, OutputStream out) {
        this.format = format;
        this.file = null;
        this.standardError = out;
        this.opened = null;
    }

    /**
     * Opens what the options name. The syslog is added by {@link #alsoTo}.
     *
     * @throws IOException when the file cannot be opened
     */
    public LogOutput(LogOptions options) throws IOException {
        format = options.json() ? LogFormat.JSON : LogFormat.LOGFMT;
        file = options.file();
        standardError = new FileOutputStream(FileDescriptor.err);
        opened = file == null ? null : open(file);
    }

    private static OutputStream open(Path file) throws IOException {
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Sends every line from now on to the local syslog, too. */
    public void alsoTo(LocalSyslog localSyslog) {
        writing.lock();
        try {
            syslog = localSyslog;
        } finally {
            writing.unlock();
        }
    }

    /** Opens the file again under its name, for log rotation, and says so in it. When that fails, the old one is kept. */
    public void reopen() {
        if (file == null) {
            return;
        }
        writing.lock();
        try {
            try {
                OutputStream fresh = open(file);
                OutputStream old = opened;
                opened = fresh;
                say(LogLevel.INFO, "log.reopened", new LogRecord.Pair("file", file.toString()));
                if (old != null) {
                    old.close();
                }
            } catch (IOException e) {
                failures++;
                say(LogLevel.ERROR, "log.reopen_failed", new LogRecord.Pair("reason", e.toString()));
            }
        } finally {
            writing.unlock();
        }
    }

    private void say(LogLevel level, String event, LogRecord.Pair pair) {
        if (LogTarget.isEnabled(level)) {
            accept(new LogRecord(LogTarget.nowNs(), level, LogOutput.class.getName(), event, List.of(pair), ""));
        }
    }

    @Override
    public void accept(LogRecord record) {
        writing.lock();
        try {
            String line = format.line(record);
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            boolean written = opened != null && write(opened, bytes);
            if (opened != null && !written) {
                failures++;
            }
            if (!written && !write(standardError, bytes)) {
                failures++;
            }
            if (syslog != null) {
                syslog.send(record.level(), record.timeNs(), line);
            }
        } finally {
            writing.unlock();
        }
    }

    private static boolean write(OutputStream out, byte[] bytes) {
        try {
            out.write(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Lines that could not be written where they belong. */
    public long failures() {
        writing.lock();
        try {
            return failures;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        writing.lock();
        try {
            if (opened != null) {
                opened.close();
                opened = null;
            }
        } finally {
            writing.unlock();
        }
    }
}
