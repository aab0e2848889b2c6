package io.skewer.core.encode;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonParser;
import io.skewer.core.message.Field;
import io.skewer.core.message.ParseStatus;

class EncodersFuzzTest {
    @FuzzTest
    void hostileValuesStayInsideTheirFormat(FuzzedDataProvider data) {
        Sample sample = Sample.empty()
                .status(data.pickValue(ParseStatus.values()))
                .with(Field.HOST, data.consumeBytes(300))
                .with(Field.APP, data.consumeBytes(60))
                .with(Field.RAW, data.consumeBytes(40))
                .element(data.consumeString(10), data.consumeString(10), data.consumeString(40))
                .with(Field.MESSAGE, data.consumeRemainingAsBytes());
        assertThat(JsonParser.parseString(sample.encoded("json")).isJsonObject())
                .isTrue();
        assertThat(JsonParser.parseString(sample.encoded("fulljson")).isJsonObject())
                .isTrue();
        for (String format : Encoders.FORMATS) {
            assertThat(sample.encoded(Encoders.ofLines(format, false)))
                    .doesNotContain("\n")
                    .doesNotContain("\u0000");
        }
    }
}
