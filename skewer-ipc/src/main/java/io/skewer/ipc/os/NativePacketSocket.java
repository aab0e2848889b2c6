package io.skewer.ipc.os;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connected AF_UNIX socket that keeps the borders of packets: one call, one packet, with or without descriptors. Threads and
 * closing as in {@link NativeSocket}.
 */
public final class NativePacketSocket {
    /** One comes with an answer, and each answer is waited for. */
    private static final int DESCRIPTORS_WAITING_MAX = 64;

    private final OpenDescriptor socket;
    private final ArrivedDescriptors arrived = new ArrivedDescriptors(DESCRIPTORS_WAITING_MAX);
    /** Only touched by the reading thread. */
    private final int[] justArrived = new int[1 + SystemCalls.DESCRIPTORS_MAX];

    private NativePacketSocket(int number) {
        this.socket = new OpenDescriptor(number);
    }

    /** Takes over a descriptor: from now on only this object may close it. */
    public static NativePacketSocket ofDescriptor(int number) {
        return new NativePacketSocket(number);
    }

    /** Two sockets that are connected to each other. */
    public static NativePacketSocket[] pair() throws IOException {
        int[] numbers = new int[2];
        SystemCalls.socketPair(true, numbers);
        return new NativePacketSocket[] {new NativePacketSocket(numbers[0]), new NativePacketSocket(numbers[1])};
    }

    /**
     * Waits for a packet.
     *
     * @return its length, or -1 when the other end is closed
     * @throws IOException also when the packet is larger than the room in the buffer: it is lost then, with its descriptors
     */
    public int receive(ByteBuffer direct) throws IOException {
        int count = Transfers.receive(socket, direct, justArrived);
        arrived.add(justArrived);
        return count;
    }

    /** Sends what remains in the buffer as one packet; the descriptors stay open here. */
    public void send(ByteBuffer direct, int... descriptors) throws IOException {
        if (!direct.hasRemaining()) {
            throw new IllegalArgumentException("an empty packet would look like the end");
        }
        Transfers.send(socket, direct, descriptors);
    }

    /** The oldest descriptor that came in and was not taken; the taker owns it. */
    public int takeDescriptor() throws IOException {
        return arrived.take();
    }

    /** Closes the socket and the descriptors that nobody took. Idempotent. */
    public void close() {
        socket.close();
        arrived.close();
    }
}
