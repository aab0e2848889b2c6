package io.skewer.ipc.link;

import com.sun.management.ThreadMXBean;
import io.skewer.ipc.seal.FrameSeal;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;

/** Prints what sealing and links cost on this machine; run by hand. Not a test: its figures depend on what else runs. */
final class LinkBenchmark {
    private static final PrintStream OUT = System.out;
    private static final int BATCH_BYTES = 64 * 1024;
    private static final int ROUNDS = 5;

    private LinkBenchmark() {}

    public static void main(String[] args) throws Exception {
        for (boolean encrypted : new boolean[] {true, false}) {
            for (int round = 0; round < ROUNDS; round++) {
                sealing(encrypted, 30_000);
                overPipe(encrypted, BATCH_BYTES, 30_000);
                overPipe(encrypted, 100, 200_000);
            }
        }
    }

    private static void sealing(boolean encrypted, int frames) {
        FrameSeal sealing = FrameSeal.of(Ends.secret(), Side.PARENT.sends(), encrypted);
        FrameSeal opening = FrameSeal.of(Ends.secret(), Side.CHILD.receives(), encrypted);
        byte[] frame = new byte[FrameForm.HEAD_BYTES + BATCH_BYTES + FrameForm.TRAILER_BYTES];
        byte[] payload = new byte[BATCH_BYTES];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long sealNanos = 0;
        long openNanos = 0;
        for (int i = 0; i < frames; i++) {
            long begin = System.nanoTime();
            boolean sealed = sealing.seal(frame, BATCH_BYTES);
            long middle = System.nanoTime();
            boolean opened = opening.open(frame, BATCH_BYTES, payload);
            openNanos += System.nanoTime() - middle;
            sealNanos += middle - begin;
            if (!sealed || !opened) {
                throw new IllegalStateException("frame " + i);
            }
        }
        OUT.printf(
                "encrypted=%b frame_bytes=%d seal_per_s=%d open_per_s=%d allocated_bytes_per_frame_both=%d%n",
                encrypted,
                BATCH_BYTES,
                frames * 1_000_000_000L / sealNanos,
                frames * 1_000_000_000L / openNanos,
                (threads.getCurrentThreadAllocatedBytes() - allocated) / frames);
    }

    private static void overPipe(boolean encrypted, int payloadBytes, int frames) throws Exception {
        PipeTransport[] ends = PipeTransport.pair();
        Link parent = new Link(ends[0], Ends.secret(), Side.PARENT, encrypted);
        Link child = new Link(ends[1], Ends.secret(), Side.CHILD, encrypted);
        byte[] payload = Ends.ascending(payloadBytes);
        long begin = System.nanoTime();
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < frames; i++) {
                    DataFrames.sendBatch(parent, i, 0, payload);
                }
            } catch (IOException cause) {
                throw new IllegalStateException(cause);
            }
        });
        Frame frame = new Frame();
        for (int i = 0; i < frames; i++) {
            if (!child.receive(frame)) {
                throw new IllegalStateException("ended after " + i);
            }
        }
        long nanos = System.nanoTime() - begin;
        sender.join();
        parent.close();
        child.close();
        OUT.printf(
                "encrypted=%b pipe payload_bytes=%d frames_per_s=%d mb_per_s=%d%n",
                encrypted, payloadBytes, frames * 1_000_000_000L / nanos, (long) frames * payloadBytes * 1000 / nanos);
    }
}
