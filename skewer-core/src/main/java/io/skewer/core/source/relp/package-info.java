/**
 * RELP, the acknowledged syslog transport of rsyslog. Entered by {@link io.skewer.core.source.relp.RelpListener}. A positive answer is
 * written in one place only: when the batch that holds the message is kept.
 */
@NullMarked
package io.skewer.core.source.relp;

import org.jspecify.annotations.NullMarked;
