package io.skewer.ipc.seal;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The 32 random bytes from which both ends of one link derive their keys. Made anew for each link, sent over an inherited
 * descriptor, never written to argv, environment, file or log. Its owner wipes it when both ends have their link. Not safe for
 * use by several threads.
 */
public final class SessionSecret {
    public static final int BYTES = 32;

    /** Asked by name: without one, the JDK looks for further providers in every jar of the class path. */
    private static final String PROVIDER = "SunJCE";

    private final byte[] bytes;
    private boolean wiped;

    private SessionSecret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A fresh secret. */
    public static SessionSecret random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return new SessionSecret(bytes);
    }

    /**
     * A secret that came from the other end.
     *
     * @param bytes copied: the caller wipes its own
     * @throws IllegalArgumentException when they are not {@value #BYTES}
     */
    public static SessionSecret of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a secret of " + bytes.length + " bytes");
        }
        return new SessionSecret(bytes.clone());
    }

    /** A copy of the bytes, for the frame or greeting that carries them to the other end; the caller wipes it. */
    public byte[] bytes() {
        checkNotWiped();
        return bytes.clone();
    }

    /** Forgets the bytes; links made before keep working. */
    public void wipe() {
        Arrays.fill(bytes, (byte) 0);
        wiped = true;
    }

    /** HKDF-SHA256 (RFC 5869) without salt: the secret is uniformly random already. */
    byte[] derive(byte[] info, int length) {
        checkNotWiped();
        try {
            return KDF.getInstance("HKDF-SHA256", PROVIDER)
                    .deriveData(HKDFParameterSpec.ofExtract().addIKM(bytes).thenExpand(info, length));
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("the runtime lacks HKDF-SHA256", cause);
        }
    }

    private void checkNotWiped() {
        if (wiped) {
            throw new IllegalStateException("the secret is wiped");
        }
    }

    /** Never the bytes. */
    @Override
    public String toString() {
        return "SessionSecret";
    }
}
