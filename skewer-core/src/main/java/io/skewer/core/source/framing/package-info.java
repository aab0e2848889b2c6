/**
 * Where a syslog message starts and ends in a stream of bytes (RFC 6587). Pure: no sockets, no clock, no threads; stream sources
 * enter here with what they read. Nothing here may look into a message beyond its first byte.
 */
@NullMarked
package io.skewer.core.source.framing;

import org.jspecify.annotations.NullMarked;
