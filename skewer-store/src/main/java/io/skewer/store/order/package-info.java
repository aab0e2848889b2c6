/**
 * How a command asks a running store for something that changes it: one file that the store looks for and answers with another. Commands
 * leave orders, the store carries them out. No sockets here, and no message: an order names destinations and numbers of letters.
 */
@NullMarked
package io.skewer.store.order;

import org.jspecify.annotations.NullMarked;
