package io.skewer.core.config;

import java.util.Optional;

/** A rule about a text that another room knows: whether a template compiles, for example. */
@FunctionalInterface
interface ValueCheck {
    /** What is wrong with the value, as the end of a sentence; nothing when it can be used. */
    Optional<String> problem(String value);
}
