/**
 * A first look at skewer on one machine: a Kafka broker, the daemon, some messages, and what comes out. The quickstart command
 * and the tests enter; nothing of it is part of the daemon, and the only thing it knows of the daemon is its command line.
 */
@NullMarked
package io.skewer.cli.quickstart;

import org.jspecify.annotations.NullMarked;
