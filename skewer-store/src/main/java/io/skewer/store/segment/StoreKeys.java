package io.skewer.store.segment;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a store: all derived from {@code store.secret} by HKDF-SHA256 (RFC 5869), each for one purpose and one place. Without
 * a secret nothing is sealed and every MAC is zeros. Immutable, safe for use by several threads.
 *
 * <p>After a rotation there are old secrets beside the present one: every file says by its key id which one it belongs to
 * ({@link #withId}), new files are written with the present one.
 */
public final class StoreKeys {
    public static final int SALT_BYTES = 32;
    public static final int MAC_BYTES = 16;
    /** The key id of a store without a secret. */
    public static final long NO_KEY = 0;

    /** Asked by name: without one, the JDK looks for further providers in every jar of the class path. */
    private static final String KDF_PROVIDER = "SunJCE";

    private static final int KEY_BYTES = 32;
    private static final int SECRET_BYTES_MIN = 16;

    private final @Nullable SecretKey secret;
    private final long keyId;
    private final Map<Long, StoreKeys> others;

    private StoreKeys(@Nullable SecretKey secret, Map<Long, StoreKeys> others) {
        this.secret = secret;
        this.keyId = secret == null ? NO_KEY : keyIdOf(secret);
        this.others = others;
    }

    /** @param secret the store's secret, or null for a store that is not encrypted */
    public static StoreKeys of(byte @Nullable [] secret) {
        return of(secret == null ? new byte[0] : secret, List.of());
    }

    /**
     * @param secret the present secret; empty: what is written is not encrypted
     * @param old secrets whose files may be read as well; an empty one stands for files that are not encrypted
     */
    public static StoreKeys of(byte[] secret, List<byte[]> old) {
        Map<Long, StoreKeys> others = new HashMap<>();
        for (byte[] one : old) {
            StoreKeys keys = new StoreKeys(keyOf(one), Map.of());
            others.put(keys.keyId(), keys);
        }
        return new StoreKeys(keyOf(secret), Map.copyOf(others));
    }

    private static @Nullable SecretKey keyOf(byte[] secret) {
        if (secret.length == 0) {
            return null;
        }
        if (secret.length < SECRET_BYTES_MIN) {
            throw new IllegalArgumentException("a store secret has at least " + SECRET_BYTES_MIN + " bytes");
        }
        return new SecretKeySpec(secret, "HKDF");
    }

    /** The keys of the secret with that id. @return empty when it is neither the present nor an old one */
    public Optional<StoreKeys> withId(long id) {
        return id == keyId ? Optional.of(this) : Optional.ofNullable(others.get(id));
    }

    /** The keys of a file that was looked at before. */
    StoreKeys known(long id) {
        return withId(id).orElseThrow(() -> new IllegalStateException("no secret with id " + Long.toHexString(id)));
    }

    private static long keyIdOf(SecretKey secret) {
        // The lowest bit is set so that no secret has the id of no secret.
        return LittleEndian.getLong(derive(secret, new byte[0], info("skewer/key/1", null, 0), 8), 0) | 1;
    }

    public boolean encrypt() {
        return secret != null;
    }

    /** Tells secrets apart without telling anything about them. */
    public long keyId() {
        return keyId;
    }

    /** The key that seals the batches of one segment, or null without a secret. */
    @Nullable
    SecretKey batchKey(UUID store, long segment, byte[] salt) {
        return secret == null
                ? null
                : toKey(derive(secret, salt, info("skewer/seg/1", store, segment), KEY_BYTES), "AES");
    }

    /** @param derived wiped, since the JDK keeps a copy */
    static SecretKey toKey(byte[] derived, String algorithm) {
        SecretKey key = new SecretKeySpec(derived, algorithm);
        Arrays.fill(derived, (byte) 0);
        return key;
    }

    /**
     * A code over the first {@code length} bytes that only the owner of the secret can make.
     *
     * @param purpose keeps the codes of different structures apart
     * @return {@value #MAC_BYTES} bytes, zeros without a secret
     */
    public byte[] mac(String purpose, UUID store, long place, byte[] bytes, int length) {
        if (secret == null) {
            return new byte[MAC_BYTES];
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(toKey(derive(secret, new byte[0], info(purpose, store, place), KEY_BYTES), "HmacSHA256"));
            mac.update(bytes, 0, length);
            return Arrays.copyOf(mac.doFinal(), MAC_BYTES);
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("HMAC-SHA256 is part of every Java", cause);
        }
    }

    private static byte[] info(String purpose, @Nullable UUID store, long place) {
        byte[] name = purpose.getBytes(StandardCharsets.US_ASCII);
        if (store == null) {
            return name;
        }
        byte[] info = Arrays.copyOf(name, name.length + 24);
        LittleEndian.putUuid(info, name.length, store);
        LittleEndian.putLong(info, name.length + 16, place);
        return info;
    }

    private static byte[] derive(SecretKey secret, byte[] salt, byte[] info, int length) {
        try {
            HKDFParameterSpec.Builder extract = HKDFParameterSpec.ofExtract().addIKM(secret);
            if (salt.length > 0) {
                extract.addSalt(salt);
            }
            return KDF.getInstance("HKDF-SHA256", KDF_PROVIDER).deriveData(extract.thenExpand(info, length));
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("HKDF-SHA256 is part of Java 25", cause);
        }
    }
}
