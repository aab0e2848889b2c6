package io.skewer.core.source.tcp;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.source.BatchAssembler;
import io.skewer.core.source.Conversation;
import io.skewer.core.source.Intake;
import io.skewer.core.source.ProtocolViolation;
import io.skewer.core.source.framing.SyslogFramer;

/** One connection of syslog: frames come in, nothing is answered. */
final class SyslogConversation implements Conversation {
    private final SyslogFramer framer;
    private final Intake intake;
    private final BatchAssembler assembler;
    private final CutFrames cutFrames;
    private final byte[] origin;
    private boolean over;

    SyslogConversation(SyslogFramer framer, Intake intake, CutFrames cutFrames, byte[] origin) {
        this.framer = framer;
        this.intake = intake;
        this.assembler = intake.lane().assembler();
        this.cutFrames = cutFrames;
        this.origin = origin;
    }

    @Override
    public int take(byte[] bytes, int from, int to) throws ProtocolViolation {
        int at = from;
        while (!assembler.isPaused()) {
            SyslogFramer.Outcome outcome = framer.next(bytes, at, to);
            at = framer.position();
            if (outcome == SyslogFramer.Outcome.MORE) {
                return at;
            }
            if (outcome == SyslogFramer.Outcome.TOO_LONG) {
                throw new ProtocolViolation("frame_too_long", "an octet count above the limit of a message");
            }
            intake.accept(bytes, framer.frameOffset(), framer.frameLength(), origin);
        }
        return at;
    }

    @Override
    public void end(byte[] bytes, int from, int to) {
        if (framer.last(bytes, from, to) == SyslogFramer.Outcome.FRAME) {
            intake.accept(bytes, framer.frameOffset(), framer.frameLength(), origin);
        }
        over = true;
    }

    @Override
    public boolean isBlocked() {
        return false;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void farewell(ByteBuilder out) {}

    @Override
    public void count() {
        intake.count();
        cutFrames.add(framer.takeCutFrames(), framer.takeSkippedBytes());
    }
}
