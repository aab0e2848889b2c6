package io.skewer.ipc.spawn;

import io.skewer.ipc.os.Descriptors;
import io.skewer.ipc.os.NativePacketSocket;
import io.skewer.ipc.os.NativeSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor that does what it is told: it reads a line of words (parted by tabs) from its standard input, does it through the
 * real launcher that started it, and prints one line.
 */
final class ToldSupervisor {
    private final LinkedBlockingQueue<LauncherEvent> events = new LinkedBlockingQueue<>();
    private final Map<Long, NativeSocket> controls = new HashMap<>();
    private @Nullable Launcher launcher;
    private @Nullable NativePacketSocket packets;

    private ToldSupervisor() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var supervisor = new ToldSupervisor();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(supervisor.answer(List.of(line.split("\t", -1))));
        }
    }

    private String answer(List<String> words) throws InterruptedException {
        try {
            return switch (words.getFirst()) {
                case "pid" -> Long.toString(ProcessHandle.current().pid());
                case "spawn" -> spawn(words);
                case "read" -> read(Long.parseLong(words.get(1)));
                case "tcp" -> bind(BindRequest.stream(inet(words)));
                case "udp" -> bind(BindRequest.datagram(inet(words)));
                case "unix" -> bind(new BindRequest(BindRequest.Kind.STREAM, unix(words)));
                case "unixgram" -> bind(new BindRequest(BindRequest.Kind.DATAGRAM, unix(words)));
                case "kill" -> kill(words);
                case "event" -> String.valueOf(events.poll(10, TimeUnit.SECONDS));
                case "raw" -> raw(HexFormat.of().parseHex(words.get(1)));
                case "noise" -> noise(Integer.parseInt(words.get(1)));
                case "exit" -> exit(Integer.parseInt(words.get(1)));
                default -> "what is " + words + "?";
            };
        } catch (IOException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private Launcher launcher() throws IOException {
        Launcher known = launcher;
        if (known == null) {
            known = Launcher.ofDescriptor(Launcher.INHERITED_DESCRIPTOR, events::add);
            launcher = known;
            // What these tests are about shows best in a process that sees all others.
            known.prepare(EnumSet.allOf(Layer.class), "");
        }
        return known;
    }

    private String spawn(List<String> words) throws IOException {
        Child child = launcher()
                .spawn(
                        words.get(1),
                        words.subList(3, words.size()),
                        words.get(2).equals("stdout"));
        controls.put(child.pid(), NativeSocket.ofDescriptor(child.controlDescriptor()));
        return Long.toString(child.pid());
    }

    /** Everything that a role writes to its control socket until it closes it, in base 64. */
    private String read(long pid) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        NativeSocket control = Objects.requireNonNull(controls.get(pid));
        while (control.read(buffer) >= 0) {
            if (!buffer.hasRemaining()) {
                throw new IOException("too much");
            }
        }
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private String bind(BindRequest wanted) throws IOException {
        return "bound " + launcher().bind(wanted);
    }

    private static InetSocketAddress inet(List<String> words) {
        return new InetSocketAddress(InetAddress.ofLiteral(words.get(1)), Integer.parseInt(words.get(2)));
    }

    private static BindRequest.UnixPath unix(List<String> words) {
        return new BindRequest.UnixPath(Path.of(words.get(1)), Integer.parseInt(words.get(2), 8));
    }

    private String kill(List<String> words) throws IOException {
        launcher().kill(Long.parseLong(words.get(1)), Integer.parseInt(words.get(2)));
        return "killed";
    }

    private NativePacketSocket packets() {
        NativePacketSocket known = packets;
        if (known == null) {
            known = NativePacketSocket.ofDescriptor(Launcher.INHERITED_DESCRIPTOR);
            packets = known;
        }
        return known;
    }

    /** Sends one packet with a descriptor that the launcher must not keep, and returns the answer in hex. */
    private String raw(byte[] packet) throws IOException {
        int[] uninvited = Descriptors.socketPair();
        packets().send(ByteBuffer.allocateDirect(packet.length).put(packet).flip(), uninvited);
        Descriptors.close(uninvited[0]);
        Descriptors.close(uninvited[1]);
        ByteBuffer answer = LauncherProtocol.newPacket();
        packets().receive(answer);
        byte[] bytes = new byte[answer.flip().remaining()];
        answer.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Sends packets that are nearly requests. Each must be answered with an error or an empty success. */
    private String noise(int count) throws IOException {
        var random = new Random(7);
        int errors = 0;
        for (int i = 0; i < count; i++) {
            byte[] packet = new byte[8 + random.nextInt(60)];
            random.nextBytes(packet);
            packet[0] = (byte) (1 + random.nextInt(4));
            packet[1] = 1;
            packet[2] = 0;
            packet[3] = 0;
            if (raw(packet).startsWith("44")) {
                errors++;
            }
        }
        return "errors " + errors;
    }

    private static String exit(int code) {
        System.exit(code);
        return "";
    }
}
