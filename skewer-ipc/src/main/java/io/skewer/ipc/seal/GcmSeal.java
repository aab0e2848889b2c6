package io.skewer.ipc.seal;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM (NIST SP 800-38D). The nonce is a derived prefix of 4 bytes and the counter (deterministic construction, section
 * 8.2.1); key and prefix belong to one secret and one direction, so no nonce repeats under a key. The trailer is the tag.
 *
 * <p>The JDK's cipher allocates about 1 KB a frame whatever its length; sealing in place and opening into another array keep
 * it from allocating the frame as well.
 */
final class GcmSeal implements FrameSeal {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int PREFIX_BYTES = NONCE_BYTES - Long.BYTES;

    private final SecretKeySpec key;
    private final Cipher cipher;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private final FrameContext context;

    GcmSeal(SessionSecret secret, Direction direction, long firstCounter) {
        this(secret.derive(direction.info(), KEY_BYTES + PREFIX_BYTES), direction, firstCounter);
    }

    /** @param derived the key and the prefix of the nonce; wiped, since the JDK keeps a copy */
    GcmSeal(byte[] derived, Direction direction, long firstCounter) {
        context = new FrameContext(direction, firstCounter);
        key = new SecretKeySpec(derived, 0, KEY_BYTES, "AES");
        System.arraycopy(derived, KEY_BYTES, nonce, 0, PREFIX_BYTES);
        Arrays.fill(derived, (byte) 0);
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("the runtime lacks AES-GCM", cause);
        }
    }

    @Override
    public boolean seal(byte[] frame, int payloadLength) {
        if (context.isExhausted()) {
            return false;
        }
        try {
            begin(Cipher.ENCRYPT_MODE, frame);
            cipher.doFinal(frame, HEAD_BYTES, payloadLength, frame, HEAD_BYTES);
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("cannot seal " + payloadLength + " bytes", cause);
        }
        context.next();
        return true;
    }

    @Override
    public boolean open(byte[] frame, int payloadLength, byte[] payload) {
        if (context.isExhausted()) {
            return false;
        }
        try {
            begin(Cipher.DECRYPT_MODE, frame);
            cipher.doFinal(frame, HEAD_BYTES, payloadLength + TRAILER_BYTES, payload, 0);
        } catch (AEADBadTagException _) {
            return false;
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("cannot open " + payloadLength + " bytes", cause);
        }
        context.next();
        return true;
    }

    private void begin(int mode, byte[] frame) throws GeneralSecurityException {
        FrameContext.putLong(nonce, PREFIX_BYTES, context.counter());
        cipher.init(mode, key, new GCMParameterSpec(TRAILER_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(context.of(frame));
    }
}
