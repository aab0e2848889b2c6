package io.skewer.cli.loadgen;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * RELP with a window: sends until so many messages wait for their answer, then reads answers. Answers come in the order of the
 * messages, so the times of sending stand in a ring.
 */
final class RelpSender implements Sender {
    private static final long LAST_TXNR = 999_999_999;
    private static final String OFFERS = "relp_version=0\nrelp_software=skewer-loadgen\ncommands=syslog";

    private final SocketChannel channel;
    private final Stencil stencil;
    private final long[] sentNs;
    private final ByteBuffer out;
    private final RelpAnswers answers;
    private long txnr;
    private long answeredTxnr;
    private long open;
    private boolean begun;

    RelpSender(SocketChannel channel, Stencil message, int window, int writeBytes) {
        this.channel = channel;
        byte[] command = (" syslog " + message.length() + " ").getBytes(StandardCharsets.US_ASCII);
        stencil = message.framed(command, new byte[] {'\n'});
        sentNs = new long[window];
        out = ByteBuffer.allocateDirect(Math.max(writeBytes, 10 + stencil.length()));
        answers = new RelpAnswers(channel);
    }

    @Override
    public void send(long messages, Pace pace, Tally tally) throws IOException {
        begin();
        long answered = 0;
        while (answered < messages) {
            if (tally.sent < messages && open < sentNs.length) {
                if (open == 0) {
                    pace.await(tally.sent);
                }
                int burst = pace.allowance(tally.sent, (int) Math.min(messages - tally.sent, sentNs.length - open));
                write(burst, tally);
            }
            if (open > 0) {
                answered += readAnswers(tally);
            }
        }
    }

    private void begin() throws IOException {
        out.clear();
        putDecimal(nextTxnr());
        out.put((" open " + OFFERS.length() + " " + OFFERS + "\n").getBytes(StandardCharsets.US_ASCII));
        flush();
        answers.await();
        if (!answers.next() || !answers.isOk()) {
            throw new IOException("the session was not opened: " + answers.describe());
        }
        answeredTxnr = txnr;
        begun = true;
    }

    private void write(int burst, Tally tally) throws IOException {
        out.clear();
        int first = 0;
        for (int i = 0; i < burst; i++) {
            if (out.remaining() < 10 + stencil.length()) {
                stamp(tally.sent + first, tally.sent + i);
                first = i;
                flush();
                out.clear();
            }
            putDecimal(nextTxnr());
            out.put(stencil.bytes());
            stencil.next();
        }
        stamp(tally.sent + first, tally.sent + burst);
        flush();
        tally.sent += burst;
        open += burst;
    }

    private void stamp(long from, long to) {
        long now = System.nanoTime();
        for (long i = from; i < to; i++) {
            sentNs[(int) (i % sentNs.length)] = now;
        }
    }

    /** Waits for at least one answer and takes all that came. @return how many */
    private int readAnswers(Tally tally) throws IOException {
        int read = 0;
        while (read == 0) {
            answers.await();
            long now = System.nanoTime();
            while (answers.next()) {
                long first = tally.sent - open;
                answeredTxnr = after(answeredTxnr);
                if (answers.txnr() != answeredTxnr) {
                    throw new IOException("answer to " + answers.txnr() + " instead of " + answeredTxnr);
                }
                tally.answers.took(now - sentNs[(int) (first % sentNs.length)]);
                if (!answers.isOk()) {
                    tally.refused++;
                }
                open--;
                read++;
            }
        }
        return read;
    }

    private long nextTxnr() {
        txnr = after(txnr);
        return txnr;
    }

    /** Numbers begin again behind the last that has nine digits. */
    private static long after(long number) {
        return number == LAST_TXNR ? 1 : number + 1;
    }

    private void putDecimal(long number) {
        long rest = number;
        int digits = 1;
        for (long bound = 10; bound <= number; bound *= 10) {
            digits++;
        }
        int start = out.position();
        for (int at = start + digits - 1; at >= start; at--) {
            out.put(at, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        out.position(start + digits);
    }

    private void flush() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (begun && channel.isConnected()) {
                out.clear();
                putDecimal(nextTxnr());
                out.put(" close 0\n".getBytes(StandardCharsets.US_ASCII));
                flush();
            }
        }
    }
}
