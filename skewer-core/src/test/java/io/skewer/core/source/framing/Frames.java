package io.skewer.core.source.framing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Feeds a framer as a connection does, and collects what it finds. */
final class Frames {
    /** Stands in the list where the stream could not be followed any further. */
    static final String TOO_LONG = "<too long>";

    final List<String> found = new ArrayList<>();
    private final SyslogFramer framer;
    private final int most;
    private byte[] tail = new byte[0];
    private boolean broken;
    long skipped;
    long cut;

    Frames(Framing framing) {
        framer = new SyslogFramer(framing);
        most = framing.maxFrameBytes() + framing.delimiter().length + SyslogFramer.MAX_COUNT_DIGITS + 2;
    }

    static Frames of(Framing framing, byte[] stream, int... cuts) {
        Frames frames = new Frames(framing);
        int from = 0;
        for (int cut : cuts) {
            frames.feed(Arrays.copyOfRange(stream, from, cut));
            from = cut;
        }
        frames.feed(Arrays.copyOfRange(stream, from, stream.length));
        frames.end();
        return frames;
    }

    void feed(byte[] chunk) {
        if (broken) {
            return;
        }
        // An offset and rubbish around the bytes: nothing may be read outside of from..to.
        byte[] bytes = new byte[3 + tail.length + chunk.length + 3];
        Arrays.fill(bytes, (byte) '\n');
        System.arraycopy(tail, 0, bytes, 3, tail.length);
        System.arraycopy(chunk, 0, bytes, 3 + tail.length, chunk.length);
        int to = bytes.length - 3;
        int at = 3;
        while (true) {
            SyslogFramer.Outcome outcome = framer.next(bytes, at, to);
            at = framer.position();
            if (outcome == SyslogFramer.Outcome.MORE) {
                break;
            }
            if (outcome == SyslogFramer.Outcome.TOO_LONG) {
                broken = true;
                found.add(TOO_LONG);
                return;
            }
            add(bytes);
        }
        if (at < 3 || to - at > most) {
            throw new AssertionError((to - at) + " bytes held, at most " + most);
        }
        tail = Arrays.copyOfRange(bytes, at, to);
    }

    void end() {
        if (!broken && framer.last(tail, 0, tail.length) == SyslogFramer.Outcome.FRAME) {
            add(tail);
        }
        skipped += framer.takeSkippedBytes();
        cut += framer.takeCutFrames();
    }

    private void add(byte[] bytes) {
        if (framer.frameLength() < 1) {
            throw new AssertionError("empty frame");
        }
        found.add(new String(bytes, framer.frameOffset(), framer.frameLength(), StandardCharsets.ISO_8859_1));
    }
}
