package io.skewer.core.source.relp;

import io.skewer.core.message.ByteBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * The transactions of one connection that are not answered yet, in their order. Answers leave in that order only, so one that is decided
 * waits for those before it. Consecutive messages of one batch are one entry. Used by one thread.
 */
final class Window {
    static final int MAX_TXNR = 999_999_999;

    private static final byte[] OK = " rsp 6 200 OK\n".getBytes(StandardCharsets.US_ASCII);

    private static final class Entry {
        final int firstTxnr;
        final long batch;
        /** What follows the transaction number; empty: the positive answer to a message. */
        final byte[] answer;

        int count = 1;
        boolean decided;

        Entry(int firstTxnr, long batch, byte[] answer, boolean decided) {
            this.firstTxnr = firstTxnr;
            this.batch = batch;
            this.answer = answer;
            this.decided = decided;
        }
    }

    private static final long NO_BATCH = -1;
    private static final byte[] POSITIVE = new byte[0];

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private int unanswered;

    /** The number that follows. */
    static int after(int txnr) {
        return txnr == MAX_TXNR ? 1 : txnr + 1;
    }

    /** A message is in that batch: its answer waits until the batch is kept. */
    void addMessage(int txnr, long batch) {
        unanswered++;
        Entry last = entries.peekLast();
        if (last != null && last.batch == batch) {
            last.count++;
        } else {
            entries.add(new Entry(txnr, batch, POSITIVE, false));
        }
    }

    /** A message that needs no keeping. */
    void addAccepted(int txnr) {
        unanswered++;
        entries.add(new Entry(txnr, NO_BATCH, POSITIVE, true));
    }

    /** Any other answer, which waits only for those before it. */
    void addAnswer(int txnr, String data) {
        unanswered++;
        byte[] text = data.getBytes(StandardCharsets.UTF_8);
        ByteBuilder answer = new ByteBuilder(text.length + 32).add(" rsp ").addDecimal(text.length);
        if (text.length > 0) {
            answer.add(' ').add(text);
        }
        entries.add(new Entry(txnr, NO_BATCH, answer.add('\n').toByteArray(), true));
    }

    void kept(long batch) {
        for (Entry entry : entries) {
            if (entry.batch == batch) {
                entry.decided = true;
            }
        }
    }

    /** Adds the answers that may leave. @return how many of them were positive answers to messages */
    int takeAnswers(ByteBuilder out) {
        int positive = 0;
        for (Entry head = entries.peek(); head != null && head.decided; head = entries.peek()) {
            entries.remove();
            unanswered -= head.count;
            if (head.answer.length > 0) {
                out.addDecimal(head.firstTxnr).add(head.answer);
                continue;
            }
            int txnr = head.firstTxnr;
            for (int i = 0; i < head.count; i++) {
                out.addDecimal(txnr).add(OK);
                txnr = after(txnr);
            }
            positive += head.count;
        }
        return positive;
    }

    int unanswered() {
        return unanswered;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }
}
