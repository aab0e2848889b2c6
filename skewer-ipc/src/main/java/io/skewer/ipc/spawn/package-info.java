/**
 * The language between the supervisor and the native launcher. Only the supervisor enters; children never see it.
 */
@NullMarked
package io.skewer.ipc.spawn;

import org.jspecify.annotations.NullMarked;
