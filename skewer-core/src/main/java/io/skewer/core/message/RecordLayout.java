package io.skewer.core.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bytes of one message between its parsing and its delivery.
 *
 * <p>A message on the data path is never an object. A listener writes this form straight into the batch that it is filling
 * ({@link RecordWriter}), the store carries it unseen, and a forwarder reads it in place ({@link RecordView}). All numbers are
 * little-endian. A record is self-contained: it can be copied out of its batch and appended to another one.
 *
 * <pre>
 * offset size
 *  0     4    length of the whole record
 *  4     1    format, 1
 *  5     1    facility 0..23
 *  6     1    severity 0..7
 *  7     1    parse status, {@link ParseStatus}
 *  8     2    flags, FLAG_*
 * 10     2    syslog version of the frame, 0 for all but RFC 5424
 * 12     4    partition number, -1 when none was computed
 * 16    16    id, {@link MessageId}: 48 bits of milliseconds and 80 more, big-endian, so that ids sort as bytes
 * 32     8    reported: nanoseconds since 1970 UTC, said by the sender, or the receive time when it said nothing
 * 40     8    received: nanoseconds since 1970 UTC
 * 48     2*7  lengths of origin, host, app, procid, msgid, topic, key
 * 62     2    zero
 * 64     4*3  lengths of structured data, message, raw
 * 76     4    zero
 * 80          the bytes of origin, host, app, procid, msgid, structured data, message, raw, topic, key, back to back
 * </pre>
 */
final class RecordLayout {
    static final int LENGTH = 0;
    static final int FORMAT = 4;
    static final int FACILITY = 5;
    static final int SEVERITY = 6;
    static final int PARSE_STATUS = 7;
    static final int FLAGS = 8;
    static final int SYSLOG_VERSION = 10;
    static final int PARTITION = 12;
    static final int ID = 16;
    static final int REPORTED_NS = 32;
    static final int RECEIVED_NS = 40;
    static final int HEADER_BYTES = 80;

    static final byte FORMAT_1 = 1;
    static final int NO_PARTITION = -1;

    /** The sender said when it wrote the message. */
    static final int FLAG_REPORTED_TIME = 1;

    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG_BIG_ENDIAN = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private RecordLayout() {}
}
