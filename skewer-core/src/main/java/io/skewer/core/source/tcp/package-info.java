/**
 * Syslog over TCP and unix stream sockets. Entered by {@link io.skewer.core.source.tcp.TcpListener}; what it shares with RELP stands
 * one level up. There is no acknowledgement here: what the kernel took from the sender is gone from the sender.
 */
@NullMarked
package io.skewer.core.source.tcp;

import org.jspecify.annotations.NullMarked;
