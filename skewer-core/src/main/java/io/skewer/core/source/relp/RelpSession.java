package io.skewer.core.source.relp;

import io.skewer.core.measure.Counter;
import io.skewer.core.message.ByteBuilder;
import io.skewer.core.source.BatchAssembler;
import io.skewer.core.source.Conversation;
import io.skewer.core.source.Intake;
import io.skewer.core.source.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One connection of RELP: open, messages, close. On the event loop of its connection.
 *
 * <p>The promise is in {@link #kept}: a message is answered 200 only there, when the batch that holds it is kept; all answers of one batch
 * leave with one flush. Everything else that is answered goes through the same {@link Window}, so the order of the transactions is
 * the order of the answers, whatever was decided first.
 */
final class RelpSession implements Conversation, BatchAssembler.KeptListener {
    /** How far a session is; it only moves forward. */
    private enum Phase {
        CONNECTED,
        OPEN,
        /** The close command was received, or the opening refused; its answer may still wait for those before it. */
        CLOSING,
        CLOSED
    }

    /** What all sessions of a listener share. */
    record Shared(int windowSize, int maxMessageBytes, Counter positive, Counter negative, Counter droppedTooLong) {}

    private static final byte[] OPEN = ascii("open");
    private static final byte[] SYSLOG = ascii("syslog");
    private static final byte[] CLOSE = ascii("close");
    private static final byte[] SERVER_CLOSE = ascii("0 serverclose 0\n");

    private final Shared shared;
    private final Intake intake;
    private final BatchAssembler assembler;
    private final byte[] origin;
    private final Wire wire;
    private final RelpFrameReader frames;
    private final Window window = new Window();
    private Phase phase = Phase.CONNECTED;
    private int expectedTxnr = -1;
    private long registeredBatch = -1;
    private boolean inputEnded;

    RelpSession(Shared shared, Intake intake, byte[] origin, Wire wire) {
        this.shared = shared;
        this.intake = intake;
        this.assembler = intake.lane().assembler();
        this.origin = origin;
        this.wire = wire;
        frames = new RelpFrameReader(shared.maxMessageBytes());
    }

    @Override
    public int take(byte[] bytes, int from, int to) throws ProtocolViolation {
        int at = from;
        while (!assembler.isPaused() && !isBlocked()) {
            boolean complete = frames.next(bytes, at, to);
            at = frames.position();
            if (!complete) {
                break;
            }
            checkOrder();
            obey(bytes);
        }
        sendAnswers();
        return phase.compareTo(Phase.CLOSING) >= 0 ? to : at;
    }

    private void checkOrder() throws ProtocolViolation {
        int txnr = frames.txnr();
        if (expectedTxnr >= 0 && txnr != expectedTxnr) {
            throw new ProtocolViolation("bad_txnr", "transaction " + txnr + " after that before " + expectedTxnr);
        }
        expectedTxnr = Window.after(txnr);
    }

    private void obey(byte[] bytes) throws ProtocolViolation {
        if (phase == Phase.OPEN && frames.isCommand(bytes, SYSLOG)) {
            takeMessage(bytes);
        } else if (phase == Phase.OPEN && frames.isCommand(bytes, CLOSE)) {
            window.addAnswer(frames.txnr(), "");
            advanceTo(Phase.CLOSING);
        } else if (phase == Phase.CONNECTED && frames.isCommand(bytes, OPEN) && !frames.isTooLong()) {
            open(Offers.answer(frames.dataText(bytes)));
        } else {
            throw new ProtocolViolation("bad_command", "a command that is unknown, or not allowed while " + phase);
        }
    }

    private void open(Optional<String> agreed) {
        window.addAnswer(frames.txnr(), agreed.orElse("500 nothing to agree on: commands must offer syslog"));
        advanceTo(agreed.isPresent() ? Phase.OPEN : Phase.CLOSING);
    }

    private void takeMessage(byte[] bytes) {
        int txnr = frames.txnr();
        if (frames.isTooLong()) {
            window.addAnswer(
                    txnr, "500 message of " + frames.dataBytes() + " bytes, longest is " + shared.maxMessageBytes());
            shared.negative().increment();
            shared.droppedTooLong().increment();
            intake.refused();
            return;
        }
        int length = frames.dataBytes();
        while (length > 0 && isLineEnd(bytes[frames.dataOffset() + length - 1])) {
            length--;
        }
        if (length == 0) {
            window.addAccepted(txnr);
            return;
        }
        long batch = assembler.batch();
        if (batch != registeredBatch) {
            registeredBatch = batch;
            assembler.whenKept(this);
        }
        window.addMessage(txnr, batch);
        intake.accept(bytes, frames.dataOffset(), length, origin);
    }

    private static boolean isLineEnd(byte value) {
        return value == '\n' || value == '\r' || value == 0;
    }

    @Override
    public void kept(long batch) {
        window.kept(batch);
        sendAnswers();
        wire.changed();
    }

    private void sendAnswers() {
        if (phase == Phase.CLOSED) {
            return;
        }
        ByteBuilder out = intake.lane().answers();
        shared.positive().add(window.takeAnswers(out));
        if (phase == Phase.CLOSING && window.isEmpty()) {
            out.add(SERVER_CLOSE);
            advanceTo(Phase.CLOSED);
        }
        if (out.length() > 0) {
            wire.send(out);
        }
    }

    private void advanceTo(Phase next) {
        if (next.compareTo(phase) <= 0) {
            throw new IllegalStateException(phase + " cannot become " + next);
        }
        phase = next;
    }

    /** An unfinished frame was not answered: its sender will send it again. */
    @Override
    public void end(byte[] bytes, int from, int to) {
        inputEnded = true;
    }

    @Override
    public boolean isBlocked() {
        return window.unanswered() >= shared.windowSize() || phase.compareTo(Phase.CLOSING) >= 0;
    }

    @Override
    public boolean isOver() {
        return phase == Phase.CLOSED || (inputEnded && window.isEmpty());
    }

    @Override
    public void farewell(ByteBuilder out) {
        if (phase != Phase.CLOSED) {
            // What is decided is said, also to a peer that broke the protocol right behind it: it need not send that
            // again.
            shared.positive().add(window.takeAnswers(out));
            advanceTo(Phase.CLOSED);
            out.add(SERVER_CLOSE);
        }
    }

    @Override
    public void count() {
        intake.count();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
