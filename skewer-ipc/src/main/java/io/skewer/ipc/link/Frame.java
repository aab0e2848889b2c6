package io.skewer.ipc.link;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A frame that came in. Reused frame after frame: what it holds is valid until it is handed to {@link Link#receive} again. Used
 * by one thread.
 */
public final class Frame {
    private byte[] payload = new byte[0];
    private int length;
    private @Nullable FrameType type;

    /**
     * What the frame is for.
     *
     * @throws IllegalStateException when nothing was received
     */
    public FrameType type() {
        if (type == null) {
            throw new IllegalStateException("no frame was received");
        }
        return type;
    }

    /** The array whose first {@link #length()} bytes are the payload; longer than that. */
    public byte[] payload() {
        return payload;
    }

    public int length() {
        return length;
    }

    /** Reads the payload from its start. */
    public PayloadReader reader() {
        return new PayloadReader(payload, 0, length);
    }

    /** Makes the frame empty and overwrites what was in it, for payloads with secrets in them. */
    public void wipe() {
        Arrays.fill(payload, (byte) 0);
        clear();
    }

    /** Makes the frame empty. */
    void clear() {
        type = null;
        length = 0;
    }

    /** Where a payload of so many bytes is to be written. */
    byte[] room(int bytes) {
        payload = FrameForm.withRoom(payload, bytes);
        return payload;
    }

    void filled(FrameType newType, int newLength) {
        type = newType;
        length = newLength;
    }
}
