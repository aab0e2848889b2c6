package io.skewer.store.segment;

import java.security.GeneralSecurityException;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals and opens the bodies of one segment: AES-256-GCM with the segment's own key. The nonce is the batch number, which is safe
 * because a key belongs to one segment, a segment is written once, and no number is used twice in it. Used by one thread.
 */
final class BatchSeal {
    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    private final @Nullable SecretKey key;
    private final Cipher cipher;
    private final byte[] place = new byte[44];
    private final byte[] nonce = new byte[NONCE_BYTES];

    BatchSeal(SegmentHeader header, StoreKeys keys) {
        key = keys.known(header.keyId()).batchKey(header.store(), header.segment(), header.salt());
        cipher = aesGcm();
        placeIn(header.store(), header.segment());
    }

    private static Cipher aesGcm() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("AES-GCM is part of every Java", cause);
        }
    }

    private void placeIn(UUID store, long segment) {
        LittleEndian.putUuid(place, 0, store);
        LittleEndian.putLong(place, 16, segment);
    }

    /** How much longer a sealed body is. */
    int overheadBytes() {
        return key == null ? 0 : TAG_BYTES;
    }

    /** Seals {@code body} into {@code target}, where {@link #overheadBytes()} more bytes are free. */
    void seal(FrameHead head, byte[] body, byte[] target, int offset) {
        if (key == null) {
            System.arraycopy(body, 0, target, offset, body.length);
            return;
        }
        try {
            start(Cipher.ENCRYPT_MODE, key, head);
            cipher.doFinal(body, 0, body.length, target, offset);
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("batch " + head.number() + " cannot be sealed", cause);
        }
    }

    /** @return the body, or null when it was not sealed for this place with this key */
    byte @Nullable [] open(FrameHead head, byte[] source, int offset) {
        int length = head.bodyBytes();
        if (key == null) {
            byte[] body = new byte[length];
            System.arraycopy(source, offset, body, 0, length);
            return body;
        }
        if (length < TAG_BYTES) {
            return null;
        }
        try {
            start(Cipher.DECRYPT_MODE, key, head);
            return cipher.doFinal(source, offset, length);
        } catch (AEADBadTagException notOurs) {
            return null;
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("batch " + head.number() + " cannot be opened", cause);
        }
    }

    private void start(int mode, SecretKey with, FrameHead head) throws GeneralSecurityException {
        LittleEndian.putLong(nonce, 0, head.number());
        LittleEndian.putLong(place, 24, head.number());
        LittleEndian.putLong(place, 32, head.firstRecord());
        LittleEndian.putInt(place, 40, head.count());
        cipher.init(mode, with, new GCMParameterSpec(TAG_BYTES * 8, nonce));
        cipher.updateAAD(place);
    }
}
