package io.skewer.ipc.seal;

/** Seals of links that sent and received as many frames as they may, but one. */
public final class SealsNearTheirEnd {
    private SealsNearTheirEnd() {}

    public static FrameSeal oneFrameLeft(SessionSecret secret, Direction direction, boolean encrypted) {
        long last = FrameSeal.MAX_FRAMES - 1;
        return encrypted ? new GcmSeal(secret, direction, last) : new CrcSeal(direction, last);
    }
}
