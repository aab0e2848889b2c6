package io.skewer.ipc.os;

import java.io.IOException;
import java.util.ArrayDeque;

/** Descriptors that came in and wait for their taker. Bounded: a sender that never stops is refused, not collected. Thread-safe. */
final class ArrivedDescriptors {
    private final int waitingMax;
    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
    private boolean closed;

    /** @param waitingMax so many may wait; 0 when none is ever due */
    ArrivedDescriptors(int waitingMax) {
        this.waitingMax = waitingMax;
    }

    /** Takes over what {@link SystemCalls#receive} wrote. */
    void add(int[] arrived) throws IOException {
        int count = arrived[0];
        if (count == 0) {
            return;
        }
        synchronized (waiting) {
            for (int i = 1; i <= count; i++) {
                waiting.add(arrived[i]);
            }
            if (closed) {
                discardAll();
            }
            if (waiting.size() > waitingMax) {
                int came = waiting.size();
                discardAll();
                throw new IOException(came + " descriptors came in that nobody asked for");
            }
        }
    }

    int take() throws IOException {
        synchronized (waiting) {
            Integer first = waiting.poll();
            if (first == null) {
                throw new IOException("no descriptor came in");
            }
            return first;
        }
    }

    void close() {
        synchronized (waiting) {
            closed = true;
            discardAll();
        }
    }

    private void discardAll() {
        Integer number = waiting.poll();
        while (number != null) {
            Descriptors.closeQuietly(number);
            number = waiting.poll();
        }
    }
}
