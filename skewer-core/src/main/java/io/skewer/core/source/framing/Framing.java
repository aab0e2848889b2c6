package io.skewer.core.source.framing;

import java.util.Arrays;

/**
 * How the frames of a stream end.
 *
 * @param maxFrameBytes longest frame, without count or delimiter
 * @param delimiter what ends a frame that is not counted, one or more bytes; not to be changed afterwards
 * @param lineFraming frames always end with the delimiter; false: each frame tells, see {@link SyslogFramer}
 */
public record Framing(int maxFrameBytes, byte[] delimiter, boolean lineFraming) {
    /** @throws IllegalArgumentException when no frame could fit, or none could end */
    public Framing {
        if (maxFrameBytes < 1 || delimiter.length < 1) {
            throw new IllegalArgumentException("frames of " + maxFrameBytes + " bytes ended by " + delimiter.length);
        }
        delimiter = Arrays.copyOf(delimiter, delimiter.length);
    }

    /** RFC 6587 as it is met: counted or ended by LF, frame by frame. */
    public static Framing automatic(int maxFrameBytes) {
        return new Framing(maxFrameBytes, new byte[] {'\n'}, false);
    }
}
