package io.skewer.sinks.file;

import io.skewer.core.message.ByteBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Gzip (RFC 1952) as a row of members, one for each write: a file is then complete after each of them, and every reader of gzip reads on
 * over their borders. Each member says its own length in an extra field ({@code SK}), as BGZF does, so that after a crash the end
 * of the last whole member is found by hopping from one to the next. Used by one thread.
 */
final class GzipMembers implements AutoCloseable {
    /** Ten bytes of RFC 1952 section 2.3.1, the length of the extra field, and one subfield of four bytes in it. */
    private static final int HEADER_BYTES = 20;

    private static final int TRAILER_BYTES = 8;
    private static final int MAGIC_DEFLATE_EXTRA = 0x04088B1F;
    private static final int EXTRA_BYTES = 8;
    private static final short SUBFIELD = 'S' | 'K' << 8;
    private static final int LENGTH_OFFSET = 16;

    private final Deflater deflater;
    private final CRC32 crc = new CRC32();

    GzipMembers(int level) {
        deflater = new Deflater(level, true);
    }

    /** Adds the first {@code length} bytes of {@code text} as one member to {@code out}. */
    void add(byte[] text, int length, ByteBuilder out) {
        int start = out.length();
        out.reserve(HEADER_BYTES);
        out.advance(HEADER_BYTES);
        deflater.reset();
        deflater.setInput(text, 0, length);
        deflater.finish();
        while (!deflater.finished()) {
            out.reserve(Math.max(512, length / 4));
            out.advance(deflater.deflate(out.array(), out.length(), out.array().length - out.length()));
        }
        crc.reset();
        crc.update(text, 0, length);
        out.reserve(TRAILER_BYTES);
        out.advance(TRAILER_BYTES);
        ByteBuffer member =
                ByteBuffer.wrap(out.array(), start, out.length() - start).slice();
        member.order(ByteOrder.LITTLE_ENDIAN);
        // Time 0: not said; operating system 255: not said.
        member.putInt(MAGIC_DEFLATE_EXTRA).putInt(0).putShort((short) 0xFF00).putShort((short) EXTRA_BYTES);
        member.putShort(SUBFIELD).putShort((short) Integer.BYTES).putInt(member.capacity());
        member.position(member.capacity() - TRAILER_BYTES);
        member.putInt((int) crc.getValue()).putInt(length);
    }

    /** Where the last whole member ends; the whole length when the file is not of our making. */
    static long soundLength(FileChannel file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long size = file.size();
        long at = 0;
        while (at < size) {
            header.clear();
            while (header.hasRemaining() && file.read(header, at + header.position()) > 0) {
                // A read may bring less than asked for.
            }
            if (header.hasRemaining()) {
                return at;
            }
            boolean isOurs = header.getInt(0) == MAGIC_DEFLATE_EXTRA && header.getShort(12) == SUBFIELD;
            long length = header.getInt(LENGTH_OFFSET);
            if (!isOurs || length < HEADER_BYTES + TRAILER_BYTES) {
                return size;
            }
            if (length > size - at) {
                return at;
            }
            at += length;
        }
        return size;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
