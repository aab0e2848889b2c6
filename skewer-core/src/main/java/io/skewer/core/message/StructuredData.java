package io.skewer.core.message;

/**
 * Properties of a message by domain and key (the SD-ELEMENTs of RFC 5424, journald fields...), unescaped, in the order in which
 * they came, repetitions included. The bytes of {@link Field#STRUCTURED_DATA}:
 *
 * <pre>
 * element*   u16 length of the domain, domain, u16 number of parameters, parameter*
 * parameter  u16 length of the key, key, u32 length of the value, value
 * </pre>
 *
 * <p>Numbers are little-endian. {@link Writer} makes this form, {@link Walker} reads it in place.
 */
public final class StructuredData {
    private StructuredData() {}

    /** Writes properties to the end of a {@link ByteBuilder}. Used by one thread, reused for the next message. */
    public static final class Writer {
        private ByteBuilder out = new ByteBuilder(0);
        private int countAt;
        private int lengthAt;
        private int parameters;

        /** Starts a set of properties; {@code target} is usually {@link RecordWriter#open} of the field. */
        public Writer start(ByteBuilder target) {
            out = target;
            return this;
        }

        /** @return false, with nothing written, when the domain is longer than 65535 bytes */
        public boolean beginElement(byte[] source, int offset, int length) {
            if (!addShort(source, offset, length)) {
                return false;
            }
            countAt = out.length();
            parameters = 0;
            addZeros(2);
            return true;
        }

        /** Starts a parameter, whose value is then added to {@link #value()}. @return false, with nothing written, when it does not fit */
        public boolean beginParameter(byte[] source, int offset, int length) {
            if (parameters == Field.SHORT_FIELD_MAX_BYTES || !addShort(source, offset, length)) {
                return false;
            }
            lengthAt = out.length();
            addZeros(4);
            return true;
        }

        /** Where the bytes of the value of the open parameter go. */
        public ByteBuilder value() {
            return out;
        }

        public void endParameter() {
            RecordLayout.INT.set(out.array(), lengthAt, out.length() - lengthAt - 4);
            parameters++;
            RecordLayout.SHORT.set(out.array(), countAt, (short) parameters);
        }

        private boolean addShort(byte[] source, int offset, int length) {
            if (length > Field.SHORT_FIELD_MAX_BYTES) {
                return false;
            }
            out.add((byte) length).add((byte) (length >>> 8)).add(source, offset, length);
            return true;
        }

        private void addZeros(int count) {
            for (int i = 0; i < count; i++) {
                out.add((byte) 0);
            }
        }
    }

    /**
     * Walks over properties in place: {@link #nextElement()}, then {@link #nextParameter()} until it answers false, and so on.
     * Used by one thread, reused for the next message.
     */
    public static final class Walker {
        private byte[] bytes = new byte[0];
        private int at;
        private int end;
        private int parametersLeft;
        private int nameOffset;
        private int nameLength;
        private int valueOffset;
        private int valueLength;

        public Walker start(RecordView record) {
            return start(record.array(), record.offset(Field.STRUCTURED_DATA), record.length(Field.STRUCTURED_DATA));
        }

        public Walker start(byte[] source, int offset, int length) {
            bytes = source;
            at = offset;
            end = offset + length;
            parametersLeft = 0;
            return this;
        }

        /**
         * Moves to the next element, over what is left of this one.
         *
         * @throws IllegalArgumentException when the bytes are not in the form that the writer makes
         */
        public boolean nextElement() {
            while (nextParameter()) {
                // The reader did not want these.
            }
            if (at == end) {
                return false;
            }
            readName();
            parametersLeft = readShort();
            return true;
        }

        /** @throws IllegalArgumentException when the bytes are not in the form that the writer makes */
        public boolean nextParameter() {
            if (parametersLeft == 0) {
                return false;
            }
            parametersLeft--;
            readName();
            need(4);
            valueLength = (int) RecordLayout.INT.get(bytes, at);
            at += 4;
            need(valueLength);
            valueOffset = at;
            at += valueLength;
            return true;
        }

        public byte[] array() {
            return bytes;
        }

        /** Where the domain starts after {@link #nextElement()}, the key after {@link #nextParameter()}. */
        public int nameOffset() {
            return nameOffset;
        }

        public int nameLength() {
            return nameLength;
        }

        public int valueOffset() {
            return valueOffset;
        }

        public int valueLength() {
            return valueLength;
        }

        private void readName() {
            nameLength = readShort();
            need(nameLength);
            nameOffset = at;
            at += nameLength;
        }

        private int readShort() {
            need(2);
            int value = ((short) RecordLayout.SHORT.get(bytes, at)) & 0xFFFF;
            at += 2;
            return value;
        }

        private void need(int count) {
            if (count < 0 || count > end - at) {
                throw new IllegalArgumentException(
                        "structured data cut: " + count + " bytes wanted, " + (end - at) + " left");
            }
        }
    }
}
