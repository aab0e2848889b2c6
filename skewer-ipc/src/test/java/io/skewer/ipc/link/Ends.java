package io.skewer.ipc.link;

import io.skewer.ipc.seal.SessionSecret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** What the tests of this room share: a known secret, and the bytes that an end writes. */
final class Ends {
    private Ends() {}

    /** What a test sends over a link. */
    interface Sending {
        void over(Link link) throws IOException;
    }

    /** Bytes 0 to 31. */
    static SessionSecret secret() {
        byte[] bytes = new byte[SessionSecret.BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return SessionSecret.of(bytes);
    }

    static byte[] bytesOf(Side side, boolean encrypted, Sending sending) throws IOException {
        BytesTransport transport = new BytesTransport();
        sending.over(new Link(transport, secret(), side, encrypted));
        return transport.written();
    }

    static Link receiver(Side side, boolean encrypted, byte... stream) {
        return new Link(new BytesTransport(stream), secret(), side, encrypted);
    }

    static byte[] payload(Frame frame) {
        return Arrays.copyOf(frame.payload(), frame.length());
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] ascending(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }
}
