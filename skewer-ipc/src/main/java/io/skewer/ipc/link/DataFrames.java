package io.skewer.ipc.link;

import io.skewer.ipc.link.Settlement.Failed;
import io.skewer.ipc.link.Settlement.Range;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the frames of data links carry, all numbers little-endian:
 *
 * <pre>
 * BATCH    u64 number, u32 first record, the batch to the end of the payload
 * CREDIT   u32 bytes
 * KEPT     u64 number
 * SETTLED  u64 batch, u16 n, n times (u32 from, u32 to), u16 m, m times (u32 record, u8 reason, u16 attempts,
 *          u16 length and text)
 * </pre>
 *
 * <p>Sending is safe for use by several threads. Reading throws {@link ProtocolViolation} when the payload has another form; the
 * link is then the caller's to close.
 */
public final class DataFrames {
    private DataFrames() {}

    /** Sends a batch without copying it more often than sealing needs. */
    public static void sendBatch(Link link, long number, int firstRecord, byte[] batch) throws IOException {
        PayloadWriter head = new PayloadWriter().u64(number).u32(firstRecord);
        link.send(FrameType.BATCH, head.array(), head.length(), batch, 0, batch.length);
    }

    public static BatchFrame readBatch(Frame frame) throws ProtocolViolation {
        PayloadReader in = reader(frame, FrameType.BATCH);
        long number = in.u64();
        int firstRecord = in.u32UpTo(Integer.MAX_VALUE);
        return new BatchFrame(number, firstRecord, in.raw(in.remaining()));
    }

    /**
     * Grants credit.
     *
     * @param bytes below 2^32
     */
    public static void sendCredit(Link link, long bytes) throws IOException {
        link.send(FrameType.CREDIT, new PayloadWriter().u32(bytes));
    }

    public static long readCredit(Frame frame) throws ProtocolViolation {
        PayloadReader in = reader(frame, FrameType.CREDIT);
        long bytes = in.u32();
        in.end();
        return bytes;
    }

    /** Says that all batches up to this number, inclusive, are kept. */
    public static void sendKept(Link link, long number) throws IOException {
        link.send(FrameType.KEPT, new PayloadWriter().u64(number));
    }

    public static long readKept(Frame frame) throws ProtocolViolation {
        PayloadReader in = reader(frame, FrameType.KEPT);
        long number = in.u64();
        in.end();
        return number;
    }

    public static void sendSettlement(Link link, Settlement settlement) throws IOException {
        PayloadWriter out = new PayloadWriter().u64(settlement.batch());
        out.u16(settlement.delivered().size());
        for (Range range : settlement.delivered()) {
            out.u32(range.from()).u32(range.to());
        }
        out.u16(settlement.failed().size());
        for (Failed failed : settlement.failed()) {
            out.u32(failed.record())
                    .u8(failed.reason())
                    .u16(failed.attempts())
                    .text(failed.text(), Failed.MAX_TEXT_BYTES);
        }
        link.send(FrameType.SETTLED, out);
    }

    public static Settlement readSettlement(Frame frame) throws ProtocolViolation {
        PayloadReader in = reader(frame, FrameType.SETTLED);
        long batch = in.u64();
        List<Range> delivered = new ArrayList<>();
        for (int left = count(in, Settlement.MAX_RANGES, "ranges"); left > 0; left--) {
            delivered.add(range(in));
        }
        List<Failed> failed = new ArrayList<>();
        for (int left = count(in, Settlement.MAX_FAILURES, "failures"); left > 0; left--) {
            failed.add(failure(in));
        }
        in.end();
        return new Settlement(batch, delivered, failed);
    }

    private static Range range(PayloadReader in) throws ProtocolViolation {
        int from = in.u32UpTo(Integer.MAX_VALUE);
        int to = in.u32UpTo(Integer.MAX_VALUE);
        if (from >= to) {
            throw new ProtocolViolation("records from " + from + " to " + to);
        }
        return new Range(from, to);
    }

    private static Failed failure(PayloadReader in) throws ProtocolViolation {
        int record = in.u32UpTo(Integer.MAX_VALUE);
        int reason = in.u8();
        int attempts = in.u16();
        if (attempts == 0) {
            throw new ProtocolViolation("record " + record + " failed without a try");
        }
        return new Failed(record, reason, attempts, in.text(Failed.MAX_TEXT_BYTES));
    }

    private static int count(PayloadReader in, int max, String what) throws ProtocolViolation {
        int count = in.u16();
        if (count > max) {
            throw new ProtocolViolation(count + " " + what + " in one settlement");
        }
        return count;
    }

    private static PayloadReader reader(Frame frame, FrameType due) throws ProtocolViolation {
        if (frame.type() != due) {
            throw new ProtocolViolation(frame.type() + " where " + due + " is due");
        }
        return frame.reader();
    }
}
