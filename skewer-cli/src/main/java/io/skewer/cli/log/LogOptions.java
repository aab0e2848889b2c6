package io.skewer.cli.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the operator wants of the log.
 *
 * @param file null for standard error
 * @param json JSON lines instead of logfmt
 * @param syslog also to the local syslog
 */
public record LogOptions(LogLevel level, @Nullable Path file, boolean json, boolean syslog) {}
