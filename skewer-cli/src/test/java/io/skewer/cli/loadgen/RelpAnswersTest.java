package io.skewer.cli.loadgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelpAnswersTest {
    /** Hands out a few bytes with each read. */
    private static ReadableByteChannel inParts(byte[] bytes, int most) {
        return Channels.newChannel(new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(most, length));
            }
        });
    }

    /** What is read until the stream ends. */
    private static List<String> read(byte[] bytes, int most) throws IOException {
        RelpAnswers answers = new RelpAnswers(inParts(bytes, most));
        List<String> seen = new ArrayList<>();
        try {
            while (true) {
                answers.await();
                while (answers.next()) {
                    seen.add(answers.txnr() + (answers.isOk() ? " ok" : " refused"));
                }
            }
        } catch (EOFException end) {
            return seen;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void answersAreFoundHoweverTheyAreCut(int most) throws IOException {
        byte[] stream = "1 rsp 6 200 OK\n2 rsp 3 500\n3 rsp 0\n4 rsp 0 \n999999999 rsp 10 200 fine\n!\n1 rsp 6 200 OK\n"
                .getBytes(StandardCharsets.US_ASCII);
        assertThat(read(stream, most))
                .containsExactly("1 ok", "2 refused", "3 refused", "4 refused", "999999999 ok", "1 ok");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 serverclose 0\n",
                "x rsp 6 200 OK\n",
                " rsp 6 200 OK\n",
                "1 rsp 6 200 OK 2 rsp",
                "1 rsp x\n",
                "1 rsp  6 200 OK\n",
                "12345678901 rsp 6 200 OK\n",
                "1 rsp 99999999999999999999 ",
                "1 rsp -1 \n"
            })
    void whatIsNoAnswerEndsTheSession(String stream) {
        assertThatThrownBy(() -> read(stream.getBytes(StandardCharsets.US_ASCII), 5))
                .isExactlyInstanceOf(IOException.class);
    }

    @Test
    void anAnswerWithoutEndIsNotHeld() {
        byte[] stream = ("1 rsp 99999 200" + " ".repeat(99_999)).getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> read(stream, 1000)).hasMessageContaining("more than");
    }

    @FuzzTest
    void anyBytesGiveTheSameAnswersHoweverTheyAreCut(byte[] bytes) {
        assertThat(outcome(bytes, 1)).isEqualTo(outcome(bytes, 4096));
    }

    private static String outcome(byte[] bytes, int most) {
        try {
            return read(bytes, most).toString();
        } catch (IOException refused) {
            return "refused";
        }
    }
}
