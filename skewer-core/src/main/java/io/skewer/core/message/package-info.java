/**
 * What a message is, as bytes: records, the batches they travel in, and the vocabulary of syslog. Every room may enter;
 * nothing here knows formats, processes, files or sockets.
 */
@NullMarked
package io.skewer.core.message;

import org.jspecify.annotations.NullMarked;
