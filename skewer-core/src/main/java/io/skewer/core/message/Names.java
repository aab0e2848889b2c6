package io.skewer.core.message;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A short list of ASCII names, found by bytes and without regard to case. */
final class Names {
    private final byte[][] names;

    Names(List<String> names) {
        this.names = names.stream()
                .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
    }

    byte[] bytes(int index) {
        return names[index];
    }

    int find(byte[] text, int offset, int length) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].length == length && equalsIgnoringCase(names[i], text, offset)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean equalsIgnoringCase(byte[] lowerCase, byte[] text, int offset) {
        for (int i = 0; i < lowerCase.length; i++) {
            byte c = text[offset + i];
            if (c >= 'A' && c <= 'Z') {
                c = (byte) (c + ('a' - 'A'));
            }
            if (c != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }
}
