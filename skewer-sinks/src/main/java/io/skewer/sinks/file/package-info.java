/**
 * The destination of files: names from a template, lines, gzip. Only the file forwarder enters, which has this one directory and no network.
 * No message can name a file outside the base directory, and nothing is settled that was not written.
 */
@NullMarked
package io.skewer.sinks.file;

import org.jspecify.annotations.NullMarked;
