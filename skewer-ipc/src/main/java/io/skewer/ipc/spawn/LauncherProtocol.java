package io.skewer.ipc.spawn;

import io.skewer.ipc.link.ProtocolViolation;
import io.skewer.ipc.spawn.BindRequest.Inet;
import io.skewer.ipc.spawn.BindRequest.UnixAbstract;
import io.skewer.ipc.spawn.BindRequest.UnixPath;
import java.net.Inet6Address;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** The packets between supervisor and launcher; {@code native/launch/protocol.h} has their form and the same numbers. */
final class LauncherProtocol {
    static final int PROTOCOL_VERSION = 1;
    static final int PROTOCOL_HEAD_BYTES = 8;
    static final int PROTOCOL_PACKET_BYTES_MAX = 65_536;
    static final int PROTOCOL_ARGUMENTS_MAX = 512;

    static final int REQUEST_SPAWN = 1;
    static final int REQUEST_BIND = 2;
    static final int REQUEST_KILL = 3;
    static final int REQUEST_PREPARE = 4;
    static final int REQUEST_ALIVE = 5;

    static final int ANSWER_SPAWNED = 65;
    static final int ANSWER_BOUND = 66;
    static final int ANSWER_KILLED = 67;
    static final int ANSWER_ERROR = 68;
    static final int EVENT_EXITED = 69;
    static final int EVENT_SIGNAL = 70;
    static final int ANSWER_PREPARED = 71;
    static final int ANSWER_HEARD = 72;

    static final int LAYER_NAMESPACES = 1;
    static final int LAYER_LANDLOCK = 2;
    static final int LAYER_SECCOMP = 4;
    static final int LAYER_UID = 8;
    static final int LAYERS_ALL = 15;

    static final int SPAWN_KEEP_STDOUT = 1;

    static final int BIND_STREAM = 1;
    static final int BIND_DATAGRAM = 2;

    static final int FAMILY_UNIX_PATH = 1;
    static final int FAMILY_UNIX_ABSTRACT = 2;
    static final int FAMILY_IPV4 = 4;
    static final int FAMILY_IPV6 = 6;

    static final int HOW_EXITED = 1;
    static final int HOW_SIGNALLED = 2;

    private LauncherProtocol() {}

    /** A cleared buffer for one packet. */
    static ByteBuffer newPacket() {
        return ByteBuffer.allocateDirect(PROTOCOL_PACKET_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @throws IllegalArgumentException when a packet cannot hold so much; so do the other two */
    static void writeSpawn(ByteBuffer out, int request, String role, List<String> arguments, boolean keepStdout) {
        if (arguments.size() > PROTOCOL_ARGUMENTS_MAX) {
            throw new IllegalArgumentException(arguments.size() + " arguments for role " + role);
        }
        writeHead(out, REQUEST_SPAWN, request);
        try {
            out.putInt(keepStdout ? SPAWN_KEEP_STDOUT : 0);
            writeText(out, role);
            out.putShort((short) arguments.size());
            for (String argument : arguments) {
                writeText(out, argument);
            }
        } catch (BufferOverflowException cause) {
            throw new IllegalArgumentException("the arguments for role " + role + " are too long", cause);
        }
        out.flip();
    }

    static void writeBind(ByteBuffer out, int request, BindRequest wanted) {
        writeHead(out, REQUEST_BIND, request);
        out.put((byte) (wanted.kind() == BindRequest.Kind.STREAM ? BIND_STREAM : BIND_DATAGRAM));
        switch (wanted.place()) {
            case Inet inet -> {
                boolean six = inet.address().getAddress() instanceof Inet6Address;
                writePlace(out, six ? FAMILY_IPV6 : FAMILY_IPV4, inet.address().getPort(), 0, inet.scope());
                writeBytes(out, inet.address().getAddress().getAddress());
            }
            case UnixPath unix -> {
                writePlace(out, FAMILY_UNIX_PATH, 0, unix.mode(), 0);
                writeText(out, unix.path().toString());
            }
            case UnixAbstract unix -> {
                writePlace(out, FAMILY_UNIX_ABSTRACT, 0, 0, 0);
                writeText(out, unix.name());
            }
        }
        out.flip();
    }

    static void writeKill(ByteBuffer out, int request, long pid, int signal) {
        writeHead(out, REQUEST_KILL, request);
        out.putInt((int) pid).putInt(signal).flip();
    }

    /** @param directory base directory of the file destination, or empty */
    static void writePrepare(ByteBuffer out, int request, Set<Layer> absent, String directory) {
        writeHead(out, REQUEST_PREPARE, request);
        out.putInt(Layer.toBits(absent));
        writeText(out, directory);
        out.flip();
    }

    static void writeAlive(ByteBuffer out, int request) {
        writeHead(out, REQUEST_ALIVE, request);
        out.flip();
    }

    /** Reads one packet. Nothing in it is believed before it was checked, although the launcher is not an enemy. */
    static LauncherAnswer read(ByteBuffer in) throws ProtocolViolation {
        require(in.remaining() >= PROTOCOL_HEAD_BYTES, "a packet without a head");
        int type = Byte.toUnsignedInt(in.get());
        int version = Byte.toUnsignedInt(in.get());
        int reserved = Short.toUnsignedInt(in.getShort());
        int request = in.getInt();
        require(version == PROTOCOL_VERSION && reserved == 0, "version " + version);
        LauncherAnswer answer = switch (type) {
            case ANSWER_SPAWNED -> new LauncherAnswer.Spawned(request, readNumber(in));
            case ANSWER_BOUND -> new LauncherAnswer.Bound(request);
            case ANSWER_KILLED -> new LauncherAnswer.Killed(request);
            case ANSWER_PREPARED -> new LauncherAnswer.Prepared(request, Layer.ofBits(readNumber(in)));
            case ANSWER_HEARD -> new LauncherAnswer.Heard(request);
            case ANSWER_ERROR -> new LauncherAnswer.Refused(request, (int) readNumber(in), readText(in));
            case EVENT_EXITED -> new LauncherAnswer.Event(readExited(in));
            case EVENT_SIGNAL -> new LauncherAnswer.Event(new LauncherEvent.Signalled((int) readNumber(in)));
            default -> throw new ProtocolViolation("the launcher sent type " + type);
        };
        require(!in.hasRemaining(), "bytes behind the end of type " + type);
        return answer;
    }

    private static LauncherEvent.Exited readExited(ByteBuffer in) throws ProtocolViolation {
        long pid = readNumber(in);
        require(in.hasRemaining(), "a short packet");
        int how = Byte.toUnsignedInt(in.get());
        require(how == HOW_EXITED || how == HOW_SIGNALLED, "an end of kind " + how);
        return new LauncherEvent.Exited(pid, how == HOW_SIGNALLED, (int) readNumber(in));
    }

    private static void writeHead(ByteBuffer out, int type, int request) {
        out.clear();
        out.put((byte) type).put((byte) PROTOCOL_VERSION).putShort((short) 0).putInt(request);
    }

    private static void writePlace(ByteBuffer out, int family, int port, int mode, int scope) {
        out.put((byte) family).putShort((short) port).putShort((short) mode).putInt(scope);
    }

    private static void writeText(ByteBuffer out, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL in an argument");
        }
        writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void writeBytes(ByteBuffer out, byte[] bytes) {
        if (bytes.length > 0xffff) {
            throw new BufferOverflowException();
        }
        out.putShort((short) bytes.length).put(bytes);
    }

    private static long readNumber(ByteBuffer in) throws ProtocolViolation {
        require(in.remaining() >= Integer.BYTES, "a short packet");
        return Integer.toUnsignedLong(in.getInt());
    }

    private static String readText(ByteBuffer in) throws ProtocolViolation {
        require(in.remaining() >= Short.BYTES, "a short packet");
        int length = Short.toUnsignedInt(in.getShort());
        require(length <= in.remaining(), "a text of " + length + " bytes");
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void require(boolean condition, String otherwise) throws ProtocolViolation {
        if (!condition) {
            throw new ProtocolViolation("the launcher sent " + otherwise);
        }
    }
}
