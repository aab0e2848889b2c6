package io.skewer.core.source.framing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class SyslogFramerFuzzTest {
    @FuzzTest
    void noStreamGivesOtherFramesWhenItIsCut(FuzzedDataProvider data) {
        int limit = data.consumeInt(1, 200);
        byte[] delimiter = data.consumeBytes(3);
        boolean lines = data.consumeBoolean();
        int first = data.consumeInt(0, 1000);
        int second = data.consumeInt(0, 1000);
        byte[] stream = data.consumeRemainingAsBytes();
        Framing framing = new Framing(limit, delimiter.length == 0 ? new byte[] {'\n'} : delimiter, lines);
        int a = Math.min(Math.min(first, second), stream.length);
        int b = Math.min(Math.max(first, second), stream.length);
        assertThat(Frames.of(framing, stream, a, b).found).isEqualTo(Frames.of(framing, stream).found);
    }
}
