package io.skewer.cli.micro;

import io.skewer.ipc.seal.Direction;
import io.skewer.ipc.seal.FrameSeal;
import io.skewer.ipc.seal.SessionSecret;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A frame of 64 KiB on its way between two processes. */
public class FrameBenchmark {
    private static final int PAYLOAD_BYTES = 64 * 1024;

    /** The sealing end. */
    @State(Scope.Thread)
    public static class Sealing {
        private final FrameSeal seal =
                FrameSeal.of(SessionSecret.of(new byte[SessionSecret.BYTES]), Direction.TO_CHILD, true);
        private final byte[] frame = new byte[FrameSeal.HEAD_BYTES + PAYLOAD_BYTES + FrameSeal.TRAILER_BYTES];
    }

    /** Both ends: a frame opens only once, and only as the next one. */
    @State(Scope.Thread)
    public static class Opening {
        private final Sealing sender = new Sealing();
        private final FrameSeal seal =
                FrameSeal.of(SessionSecret.of(new byte[SessionSecret.BYTES]), Direction.TO_CHILD, true);
        private final byte[] payload = new byte[PAYLOAD_BYTES];

        /** The next frame. */
        @Setup(Level.Invocation)
        public void send() {
            sealNext(sender);
        }
    }

    private static void sealNext(Sealing sender) {
        if (!sender.seal.seal(sender.frame, PAYLOAD_BYTES)) {
            throw new IllegalStateException("no frame is left");
        }
    }

    /** AES-256-GCM in place. */
    @Benchmark
    public void sealFrame(Sealing sender) {
        sealNext(sender);
    }

    /** Checks and decrypts. */
    @Benchmark
    public byte[] openFrame(Opening receiver) {
        if (!receiver.seal.open(receiver.sender.frame, PAYLOAD_BYTES, receiver.payload)) {
            throw new IllegalStateException("the frame does not open");
        }
        return receiver.payload;
    }
}
