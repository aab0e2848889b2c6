/**
 * Syslog over UDP and unix datagram sockets: one datagram is one message. Entered by
 * {@link io.skewer.core.source.udp.UdpListener}. Loss is possible by nature, and therefore counted wherever it can be seen.
 */
@NullMarked
package io.skewer.core.source.udp;

import org.jspecify.annotations.NullMarked;
