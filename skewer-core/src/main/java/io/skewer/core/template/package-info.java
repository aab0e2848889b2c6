/**
 * Names computed from a message: topics, partition keys, file names. Listeners and the file forwarder enter.
 * Templates are compiled once, at start; nothing here evaluates code.
 */
@NullMarked
package io.skewer.core.template;

import org.jspecify.annotations.NullMarked;
