package io.skewer.ipc.os;

import io.skewer.ipc.link.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connected AF_UNIX stream socket that was inherited or received by number. Blocking; one thread may read while another
 * writes, and any thread may close, which wakes both with {@link java.nio.channels.AsynchronousCloseException}. Closing ends the
 * connection for every process that holds the same end: an end that was passed on is given up with
 * {@link Descriptors#close}, not here.
 */
public final class NativeSocket implements Transport {
    /** More than a supervisor ever sends ahead: every socket of a configuration. */
    private static final int DESCRIPTORS_WAITING_MAX = 64;

    private final OpenDescriptor socket;
    private final ArrivedDescriptors arrived;
    /** Only touched by the reading thread. */
    private final int[] justArrived = new int[1 + SystemCalls.DESCRIPTORS_MAX];

    private NativeSocket(int number, int descriptorsMax) {
        this.socket = new OpenDescriptor(number);
        this.arrived = new ArrivedDescriptors(descriptorsMax);
    }

    /**
     * Takes over a descriptor: from now on only this object may close it. No descriptor is ever due on this socket: one that comes in is closed
     * and breaks it.
     */
    public static NativeSocket ofDescriptor(int number) {
        return new NativeSocket(number, 0);
    }

    /** As {@link #ofDescriptor}, for the one kind of socket over which descriptors are received: from somebody trusted, such as the supervisor. */
    public static NativeSocket takingDescriptors(int number) {
        return new NativeSocket(number, DESCRIPTORS_WAITING_MAX);
    }

    /** Two sockets that are connected to each other, and take descriptors. */
    public static NativeSocket[] pair() throws IOException {
        int[] numbers = Descriptors.socketPair();
        return new NativeSocket[] {takingDescriptors(numbers[0]), takingDescriptors(numbers[1])};
    }

    @Override
    public int read(ByteBuffer direct) throws IOException {
        if (!direct.hasRemaining()) {
            throw new IllegalArgumentException("no room to read into");
        }
        int count = Transfers.receive(socket, direct, justArrived);
        arrived.add(justArrived);
        return count;
    }

    /** At most 16 descriptors go at once, and only together with at least one byte. */
    @Override
    public void write(ByteBuffer direct, int... descriptors) throws IOException {
        if (descriptors.length > 0 && !direct.hasRemaining()) {
            throw new IllegalArgumentException("descriptors need a byte to travel with");
        }
        Transfers.send(socket, direct, descriptors);
    }

    @Override
    public int takeDescriptor() throws IOException {
        return arrived.take();
    }

    @Override
    public void close() {
        socket.close();
        arrived.close();
    }
}
