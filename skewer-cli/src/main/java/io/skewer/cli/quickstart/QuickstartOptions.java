package io.skewer.cli.quickstart;

import java.time.Duration;

/**
 * What may be chosen for a first look.
 *
 * @param tcpPort where the daemon listens for syslog over TCP
 * @param udpPort where the daemon listens for syslog over UDP
 * @param relpPort where the daemon listens for RELP
 * @param messages end after so many were read back; 0: go on until interrupted
 * @param timeout with {@code messages}: give up after so long
 */
public record QuickstartOptions(int tcpPort, int udpPort, int relpPort, int messages, Duration timeout) {}
