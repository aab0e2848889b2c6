/**
 * A destination that is a stream of lines: the standard error output. Only the forwarder of that name enters; nothing here opens files.
 * What was written is settled when the stream was flushed.
 */
@NullMarked
package io.skewer.sinks.stderr;

import org.jspecify.annotations.NullMarked;
