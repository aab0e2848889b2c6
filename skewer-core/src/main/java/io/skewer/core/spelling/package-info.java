/**
 * Guesses what somebody meant who wrote a word that does not exist. The configuration and the templates enter; words and lists of words
 * come in, nothing of what they are for.
 */
@NullMarked
package io.skewer.core.spelling;

import org.jspecify.annotations.NullMarked;
