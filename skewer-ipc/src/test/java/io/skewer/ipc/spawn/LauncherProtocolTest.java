package io.skewer.ipc.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skewer.ipc.link.ProtocolViolation;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LauncherProtocolTest {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    @Test
    void javaAndCAgreeOnEveryNumber() throws Exception {
        assertThat(numbersInJava()).isEqualTo(numbersInC()).hasSizeGreaterThan(20);
    }

    @Test
    void aSpawnRequestLooksLikeThis() {
        ByteBuffer out = LauncherProtocol.newPacket();
        LauncherProtocol.writeSpawn(out, 0x01020304, "tcp", List.of("-Xmx1g", ""), true);
        assertThat(hex(out))
                .isEqualTo("01 01 00 00 04 03 02 01" + " 01 00 00 00" + " 03 00 74 63 70" + " 02 00"
                        + " 06 00 2d 58 6d 78 31 67" + " 00 00");
    }

    @Test
    void aBindRequestLooksLikeThis() throws Exception {
        var localhost = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        ByteBuffer out = LauncherProtocol.newPacket();
        LauncherProtocol.writeBind(out, 7, BindRequest.stream(new InetSocketAddress(localhost, 1514)));
        assertThat(hex(out)).isEqualTo("02 01 00 00 07 00 00 00 01 04 ea 05 00 00 00 00 00 00 04 00 7f 00 00 01");

        var unix = new BindRequest(BindRequest.Kind.DATAGRAM, new BindRequest.UnixPath(Path.of("/a"), 0660));
        LauncherProtocol.writeBind(out, 8, unix);
        assertThat(hex(out)).isEqualTo("02 01 00 00 08 00 00 00 02 01 00 00 b0 01 00 00 00 00 02 00 2f 61");

        var named = new BindRequest(BindRequest.Kind.STREAM, new BindRequest.UnixAbstract("n"));
        LauncherProtocol.writeBind(out, 9, named);
        assertThat(hex(out)).isEqualTo("02 01 00 00 09 00 00 00 01 02 00 00 00 00 00 00 00 00 01 00 6e");
    }

    @Test
    void aKillRequestLooksLikeThis() {
        ByteBuffer out = LauncherProtocol.newPacket();
        LauncherProtocol.writeKill(out, 1, 4711, 15);
        assertThat(hex(out)).isEqualTo("03 01 00 00 01 00 00 00 67 12 00 00 0f 00 00 00");
    }

    @Test
    void answersAndEventsAreReadFromTheirBytes() throws IOException {
        assertThat(read("41 01 00 00 05 00 00 00 67 12 00 00")).isEqualTo(new LauncherAnswer.Spawned(5, 4711));
        assertThat(read("42 01 00 00 05 00 00 00")).isEqualTo(new LauncherAnswer.Bound(5));
        assertThat(read("43 01 00 00 05 00 00 00")).isEqualTo(new LauncherAnswer.Killed(5));
        assertThat(read("44 01 00 00 05 00 00 00 62 00 00 00 02 00 6e 6f"))
                .isEqualTo(new LauncherAnswer.Refused(5, 98, "no"));
        assertThat(read("45 01 00 00 00 00 00 00 67 12 00 00 02 09 00 00 00"))
                .isEqualTo(new LauncherAnswer.Event(new LauncherEvent.Exited(4711, true, 9)));
        assertThat(read("45 01 00 00 00 00 00 00 67 12 00 00 01 03 00 00 00"))
                .isEqualTo(new LauncherAnswer.Event(new LauncherEvent.Exited(4711, false, 3)));
        assertThat(read("46 01 00 00 00 00 00 00 0f 00 00 00"))
                .isEqualTo(new LauncherAnswer.Event(new LauncherEvent.Signalled(LauncherEvent.Signalled.TERM)));
    }

    @Test
    void packetsThatAreNotOfTheProtocolAreRefused() {
        List<String> hostile = List.of(
                "",
                "41",
                "41 01 00 00 05 00 00",
                "41 02 00 00 05 00 00 00 67 12 00 00",
                "41 01 01 00 05 00 00 00 67 12 00 00",
                "41 01 00 00 05 00 00 00 67 12 00",
                "42 01 00 00 05 00 00 00 00",
                "44 01 00 00 05 00 00 00 62 00 00 00 ff ff 6e 6f",
                "44 01 00 00 05 00 00 00 62 00 00 00 01",
                "45 01 00 00 00 00 00 00 67 12 00 00 03 09 00 00 00",
                "45 01 00 00 00 00 00 00 67 12 00 00",
                "01 01 00 00 00 00 00 00",
                "ff 01 00 00 00 00 00 00");
        assertThat(hostile)
                .allSatisfy(packet -> assertThatThrownBy(() -> read(packet)).isInstanceOf(ProtocolViolation.class));
    }

    @Test
    void whatDoesNotFitIntoAPacketIsRefusedBeforeItIsSent() {
        ByteBuffer out = LauncherProtocol.newPacket();
        List<String> many = Collections.nCopies(513, "x");
        assertThatThrownBy(() -> LauncherProtocol.writeSpawn(out, 1, "tcp", many, false))
                .hasMessageContaining("513 arguments");
        List<String> large = Collections.nCopies(3, "x".repeat(30_000));
        assertThatThrownBy(() -> LauncherProtocol.writeSpawn(out, 1, "tcp", large, false))
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> LauncherProtocol.writeSpawn(out, 1, "tcp", List.of("x".repeat(70_000)), false))
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> LauncherProtocol.writeSpawn(out, 1, "tcp", List.of("a\0b"), false))
                .hasMessageContaining("NUL");
    }

    @Test
    void addressesAreWrittenAsAnOperatorWouldWriteThem() throws Exception {
        var six = new InetSocketAddress(InetAddress.ofLiteral("::1"), 514);
        assertThat(BindRequest.datagram(six)).hasToString("address [0:0:0:0:0:0:0:1]:514");
        assertThat(new BindRequest.UnixAbstract("journal")).hasToString("@journal");
        assertThatThrownBy(() -> new BindRequest.UnixPath(Path.of("/" + "x".repeat(107)), 0600))
                .hasMessageContaining("1 to 107 bytes");
        assertThatThrownBy(() -> BindRequest.stream(InetSocketAddress.createUnresolved("nowhere", 1)))
                .hasMessage("host nowhere is unknown");
    }

    static LauncherAnswer read(String hex) throws IOException {
        return LauncherProtocol.read(ByteBuffer.wrap(HEX.parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static String hex(ByteBuffer packet) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(bytes);
        return HEX.formatHex(bytes);
    }

    private static Map<String, Integer> numbersInJava() throws IllegalAccessException {
        var numbers = new TreeMap<String, Integer>();
        for (Field field : LauncherProtocol.class.getDeclaredFields()) {
            if (field.getType() == int.class && Modifier.isStatic(field.getModifiers())) {
                numbers.put(field.getName(), field.getInt(null));
            }
        }
        return numbers;
    }

    private static Map<String, Integer> numbersInC() throws IOException {
        var numbers = new TreeMap<String, Integer>();
        String header = Files.readString(Path.of("../native/launch/protocol.h"));
        var definition =
                Pattern.compile("^#define (\\w+) (\\d+)$", Pattern.MULTILINE).matcher(header);
        while (definition.find()) {
            numbers.put(definition.group(1), Integer.parseInt(definition.group(2)));
        }
        return numbers;
    }
}
