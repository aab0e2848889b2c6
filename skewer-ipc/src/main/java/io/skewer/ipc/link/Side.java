package io.skewer.ipc.link;

import io.skewer.ipc.seal.Direction;

/** Which end of a link this is. On data links between children, the supervisor says who is which. */
public enum Side {
    PARENT,
    CHILD;

    Direction sends() {
        return this == PARENT ? Direction.TO_CHILD : Direction.TO_PARENT;
    }

    Direction receives() {
        return this == PARENT ? Direction.TO_PARENT : Direction.TO_CHILD;
    }
}
