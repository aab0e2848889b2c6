package io.skewer.ipc.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Sends what {@link NativeSocket} never would: any number of descriptors along with any bytes. 64-bit Linux. */
@SuppressWarnings("restricted") // a native call is what this is for
public final class DescriptorFlood {
    /** SCM_MAX_FD of the kernel. */
    public static final int MOST = 253;

    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int CONTROL_HEAD_BYTES = 16;
    private static final int MESSAGE_HEAD_BYTES = 56;

    private DescriptorFlood() {}

    /** Sends the bytes over a socket, and with the first of them {@code count} times the same descriptor. */
    public static void send(int socket, byte[] bytes, int descriptor, int count) throws IOException {
        Linker linker = Linker.nativeLinker();
        MethodHandle sendmsg = linker.downcallHandle(
                linker.defaultLookup().find("sendmsg").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            MemorySegment part = arena.allocate(16, 8);
            part.set(ValueLayout.ADDRESS, 0, text);
            part.set(ValueLayout.JAVA_LONG, 8, bytes.length);
            long controlBytes = CONTROL_HEAD_BYTES + (long) Integer.BYTES * count;
            MemorySegment control = arena.allocate(controlBytes + 8, 8);
            control.set(ValueLayout.JAVA_LONG, 0, controlBytes);
            control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
            control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
            for (int i = 0; i < count; i++) {
                control.set(ValueLayout.JAVA_INT, CONTROL_HEAD_BYTES + (long) Integer.BYTES * i, descriptor);
            }
            MemorySegment message = arena.allocate(MESSAGE_HEAD_BYTES, 8);
            message.set(ValueLayout.ADDRESS, 16, part);
            message.set(ValueLayout.JAVA_LONG, 24, 1);
            message.set(ValueLayout.ADDRESS, 32, control);
            message.set(ValueLayout.JAVA_LONG, 40, controlBytes);
            if ((long) sendmsg.invokeExact(socket, message, 0) != bytes.length) {
                throw new IOException("sendmsg failed");
            }
        } catch (IOException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
