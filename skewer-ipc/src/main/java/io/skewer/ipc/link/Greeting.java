package io.skewer.ipc.link;

import io.skewer.ipc.seal.SessionSecret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes on a control link, before there are frames: the parent makes a secret and says it to the child, over a socket that
 * nobody else holds.
 *
 * <pre>
 * offset size
 *  0     4    magic "SKL1"
 *  4     1    1 when frames are encrypted, else 0
 *  5     3    zero
 *  8     32   secret
 * </pre>
 */
public final class Greeting {
    private static final int BYTES = 8 + SessionSecret.BYTES;
    private static final int MAGIC = 'S' | 'K' << 8 | 'L' << 16 | '1' << 24;

    private Greeting() {}

    /** Greets a child that was just spawned. Does not wait for it. */
    public static Link offer(Transport transport, boolean encrypted) throws IOException {
        SessionSecret secret = SessionSecret.random();
        byte[] secretBytes = secret.bytes();
        ByteBuffer out = buffer();
        try {
            out.putInt(MAGIC).putInt(encrypted ? 1 : 0).put(secretBytes).flip();
            transport.write(out);
            return new Link(transport, secret, Side.PARENT, encrypted);
        } catch (IOException cause) {
            transport.close();
            throw cause;
        } finally {
            wipe(out, secretBytes, secret);
        }
    }

    /**
     * Waits for the parent's greeting.
     *
     * @throws ProtocolViolation when it is none: the transport is closed
     */
    public static Link accept(Transport transport) throws IOException {
        ByteBuffer in = buffer();
        byte[] secretBytes = new byte[SessionSecret.BYTES];
        SessionSecret secret = null;
        try {
            readFully(transport, in);
            int magic = in.getInt(0);
            int encrypted = in.getInt(4);
            if (magic != MAGIC || (encrypted & ~1) != 0) {
                throw new ProtocolViolation("no greeting");
            }
            in.get(8, secretBytes);
            secret = SessionSecret.of(secretBytes);
            return new Link(transport, secret, Side.CHILD, encrypted == 1);
        } catch (IOException cause) {
            transport.close();
            throw cause;
        } finally {
            wipe(in, secretBytes, secret);
        }
    }

    /** Reads not one byte more than the greeting: frames follow. */
    private static void readFully(Transport transport, ByteBuffer in) throws IOException {
        for (int at = 0; at < BYTES; ) {
            int count = transport.read(in.position(at));
            if (count < 0) {
                throw new ProtocolViolation("the stream ended inside the greeting");
            }
            at += count;
        }
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void wipe(ByteBuffer buffer, byte[] secretBytes, @Nullable SessionSecret secret) {
        buffer.clear().put(new byte[BYTES]);
        Arrays.fill(secretBytes, (byte) 0);
        if (secret != null) {
            secret.wipe();
        }
    }
}
