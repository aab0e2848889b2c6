package io.skewer.core.encode;

import io.skewer.core.message.RecordView;
import io.skewer.core.message.StructuredData;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The structured data of one record as JSON needs it: elements of one domain merged, the values of a repeated parameter together,
 * all in the order in which they first came. Reused record after record, without objects; used by one thread.
 *
 * <p>A node is a domain or one value, a number in the arrays below. Nodes of one domain, and values of one key, hang together as lists.
 * They are found by an open-addressing hash with a multiplier drawn at random, so that a sender who chooses thousands of names cannot
 * choose their collisions.
 */
final class PropertyTable {
    static final int NONE = -1;
    private static final int FEW_SLOTS = 32;

    private final StructuredData.Walker walker = new StructuredData.Walker();
    private final int multiplier = ThreadLocalRandom.current().nextInt() | 1;
    private byte[] bytes = new byte[0];
    private int count;
    private int firstDomain;
    private int lastDomain;
    /** Of the slots, only so many are in use for this record: one with many names must not make all after it slow. */
    private int slotCount;

    private int[] slots = new int[FEW_SLOTS];

    private int[] nameOffset = new int[16];
    private int[] nameLength = new int[16];
    private int[] valueOffset = new int[16];
    private int[] valueLength = new int[16];
    /** Of a key, its domain; of a domain, {@link #NONE}. */
    private int[] parent = new int[16];
    /** The next domain, or the next key of the domain. */
    private int[] next = new int[16];
    /** The first and last key of a domain; the next and last value of a key. */
    private int[] head = new int[16];

    private int[] tail = new int[16];

    /** @throws IllegalArgumentException when the field is not in the form of {@link StructuredData} */
    void load(RecordView record) {
        count = 0;
        firstDomain = NONE;
        lastDomain = NONE;
        slotCount = FEW_SLOTS;
        Arrays.fill(slots, 0, slotCount, NONE);
        walker.start(record);
        bytes = walker.array();
        while (walker.nextElement()) {
            int domain = domain();
            while (walker.nextParameter()) {
                addValue(domain);
            }
        }
    }

    byte[] array() {
        return bytes;
    }

    int firstDomain() {
        return firstDomain;
    }

    /** The domain after a domain, or the key after a key. */
    int next(int node) {
        return next[node];
    }

    int firstKey(int domain) {
        return head[domain];
    }

    /** The next value under the same key. */
    int nextValue(int value) {
        return head[value];
    }

    int nameOffset(int node) {
        return nameOffset[node];
    }

    int nameLength(int node) {
        return nameLength[node];
    }

    int valueOffset(int value) {
        return valueOffset[value];
    }

    int valueLength(int value) {
        return valueLength[value];
    }

    private int domain() {
        int slot = find(NONE);
        if (slots[slot] != NONE) {
            return slots[slot];
        }
        int domain = newNode(NONE, slot);
        if (lastDomain == NONE) {
            firstDomain = domain;
        } else {
            next[lastDomain] = domain;
        }
        lastDomain = domain;
        return domain;
    }

    private void addValue(int domain) {
        int slot = find(domain);
        int key = slots[slot];
        int value = newNode(domain, key == NONE ? slot : NONE);
        valueOffset[value] = walker.valueOffset();
        valueLength[value] = walker.valueLength();
        if (key != NONE) {
            int last = tail[key] == NONE ? key : tail[key];
            head[last] = value;
            tail[key] = value;
        } else {
            if (tail[domain] == NONE) {
                head[domain] = value;
            } else {
                next[tail[domain]] = value;
            }
            tail[domain] = value;
        }
    }

    private int newNode(int owner, int slot) {
        if (count == parent.length) {
            grow();
        }
        int node = count++;
        nameOffset[node] = walker.nameOffset();
        nameLength[node] = walker.nameLength();
        parent[node] = owner;
        next[node] = NONE;
        head[node] = NONE;
        tail[node] = NONE;
        if (slot != NONE) {
            slots[slot] = node;
            if (count * 2 > slotCount) {
                rehash();
            }
        }
        return node;
    }

    private void grow() {
        int size = 2 * parent.length;
        nameOffset = Arrays.copyOf(nameOffset, size);
        nameLength = Arrays.copyOf(nameLength, size);
        valueOffset = Arrays.copyOf(valueOffset, size);
        valueLength = Arrays.copyOf(valueLength, size);
        parent = Arrays.copyOf(parent, size);
        next = Arrays.copyOf(next, size);
        head = Arrays.copyOf(head, size);
        tail = Arrays.copyOf(tail, size);
    }

    private void rehash() {
        int[] old = Arrays.copyOf(slots, slotCount);
        slotCount *= 2;
        if (slots.length < slotCount) {
            slots = new int[slotCount];
        }
        Arrays.fill(slots, 0, slotCount, NONE);
        for (int node : old) {
            if (node != NONE) {
                slots[find(parent[node], nameOffset[node], nameLength[node])] = node;
            }
        }
    }

    /** The slot that holds the walker's name under that owner, or the empty one where it belongs. */
    private int find(int owner) {
        return find(owner, walker.nameOffset(), walker.nameLength());
    }

    private int find(int owner, int offset, int length) {
        int hash = owner + 2;
        for (int i = offset; i < offset + length; i++) {
            hash = (hash ^ bytes[i]) * multiplier;
            hash ^= hash >>> 15;
        }
        int mask = slotCount - 1;
        int slot = (hash * multiplier) >>> 7 & mask;
        while (slots[slot] != NONE && !isNamed(slots[slot], owner, offset, length)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean isNamed(int node, int owner, int offset, int length) {
        int at = nameOffset[node];
        return parent[node] == owner
                && nameLength[node] == length
                && Arrays.equals(bytes, at, at + length, bytes, offset, offset + length);
    }
}
