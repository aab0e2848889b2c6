/**
 * What all destinations share: the contract of a sink and how deliveries settle. One package below per destination.
 * Forwarders enter; sinks never see links, processes or the store.
 */
@NullMarked
package io.skewer.sinks;

import org.jspecify.annotations.NullMarked;
