/**
 * What all listeners share: batches being filled, handing them over, and the answer that comes back. One package below per
 * source. The only room that sees Netty; it never sees links or processes, only {@link io.skewer.core.source.Outlet}.
 */
@NullMarked
package io.skewer.core.source;

import org.jspecify.annotations.NullMarked;
