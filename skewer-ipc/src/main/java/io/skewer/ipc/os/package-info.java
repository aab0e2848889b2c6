/**
 * The system calls that the JDK does not offer: inherited descriptors, descriptor passing. The only room with native methods.
 * Links and the spawner enter; nothing here knows frames.
 */
@NullMarked
package io.skewer.ipc.os;

import org.jspecify.annotations.NullMarked;
