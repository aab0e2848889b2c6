/**
 * The configuration: one record per TOML section, its defaults beside the fields, and everything that can be wrong with
 * a file said at once. The commands and the supervisor enter; the only room that sees toml4j.
 */
@NullMarked
package io.skewer.core.config;

import org.jspecify.annotations.NullMarked;
