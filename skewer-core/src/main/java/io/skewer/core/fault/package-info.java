/**
 * Says to an operator why something with files or sockets failed. What the JDK threw enters; words come out, which name no class.
 */
@NullMarked
package io.skewer.core.fault;

import org.jspecify.annotations.NullMarked;
