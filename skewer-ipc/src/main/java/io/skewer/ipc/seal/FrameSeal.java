package io.skewer.ipc.seal;

/**
 * Seals the frames of one direction of a link, or opens them: one object at each end, used for one of the two only and by one
 * thread at a time. Both ends count frames from 0; a frame opens only as the very next one, so replay, reorder and loss fail.
 *
 * <p>A frame here is an array that begins with the {@value #HEAD_BYTES} bytes of its head, in clear but authenticated, followed
 * by the payload and {@value #TRAILER_BYTES} bytes of trailer.
 */
public sealed interface FrameSeal permits GcmSeal, CrcSeal {
    int HEAD_BYTES = 8;
    int TRAILER_BYTES = 16;

    /**
     * 2^48 frames: at 20 000 frames a second, 446 years. Counters never come near their end, and so no nonce is used twice.
     */
    long MAX_FRAMES = 1L << 48;

    /**
     * The seal of one direction.
     *
     * @param encrypted AES-256-GCM; else frames travel in clear, with a checksum that finds mistakes but no malice
     */
    static FrameSeal of(SessionSecret secret, Direction direction, boolean encrypted) {
        return encrypted ? new GcmSeal(secret, direction, 0) : new CrcSeal(direction, 0);
    }

    /**
     * Seals the payload in place and writes the trailer behind it.
     *
     * @return false when {@link #MAX_FRAMES} were sealed: nothing is sealed, the link must end
     */
    boolean seal(byte[] frame, int payloadLength);

    /**
     * Checks a frame and writes its payload to the start of {@code payload}, which must have room and be another array.
     *
     * @return false when this is not the next frame that the other end sealed: the link must end, what {@code payload} holds
     *     must not be used
     */
    boolean open(byte[] frame, int payloadLength, byte[] payload);
}
