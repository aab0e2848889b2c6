package io.skewer.core.message;

import java.nio.charset.StandardCharsets;

/**
 * Where a message came in. Written once per connection or sender and copied into each of its records ({@link Field#ORIGIN}):
 * source type, local port, peer address and unix path.
 *
 * <pre>
 * offset size
 *  0     1    length of the source type
 *  1     2    local port, little-endian, 0 for unix sockets
 *  3     1    length of the peer address
 *  4          source type, peer address, path (the rest)
 * </pre>
 *
 * @param sourceType {@code tcp}, {@code udp}, {@code relp}...
 * @param clientAddress the peer's address without port; empty for unix sockets
 * @param port the local port, 0 for unix sockets
 * @param path the unix socket or file; empty for network sources
 */
public record Origin(String sourceType, String clientAddress, int port, String path) {
    private static final int HEADER_BYTES = 4;

    /** @throws IllegalArgumentException when a part does not fit its length field */
    public byte[] toBytes() {
        byte[] type = sourceType.getBytes(StandardCharsets.UTF_8);
        byte[] client = clientAddress.getBytes(StandardCharsets.UTF_8);
        byte[] where = path.getBytes(StandardCharsets.UTF_8);
        if (type.length > 0xFF || client.length > 0xFF || where.length > 0xFFFF - 1024 || port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("origin out of bounds: " + this);
        }
        ByteBuilder out = new ByteBuilder(HEADER_BYTES + type.length + client.length + where.length);
        out.add((byte) type.length).add((byte) port).add((byte) (port >>> 8)).add((byte) client.length);
        return out.add(type).add(client).add(where).toByteArray();
    }

    /** @throws IllegalArgumentException when the bytes are no origin */
    public static Origin of(byte[] bytes, int offset, int length) {
        if (length < HEADER_BYTES) {
            throw new IllegalArgumentException("origin of " + length + " bytes");
        }
        int type = bytes[offset] & 0xFF;
        int port = (bytes[offset + 1] & 0xFF) | (bytes[offset + 2] & 0xFF) << 8;
        int client = bytes[offset + 3] & 0xFF;
        int path = length - HEADER_BYTES - type - client;
        if (path < 0) {
            throw new IllegalArgumentException("origin of " + length + " bytes with lengths " + type + ", " + client);
        }
        int at = offset + HEADER_BYTES;
        return new Origin(
                text(bytes, at, type), text(bytes, at + type, client), port, text(bytes, at + type + client, path));
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
