package io.skewer.cli.supervise;

import io.skewer.cli.role.Role;
import io.skewer.cli.role.SocketGrant;

/**
 * A socket that the launcher bound. The supervisor keeps it open for the daemon's whole life, so that connections wait in the kernel
 * while a listener is started again.
 *
 * @param listener the role that listens on it
 * @param socket what it is for
 * @param descriptor ours; the listener gets a copy
 */
record BoundSocket(Role listener, SocketGrant socket, int descriptor) {}
