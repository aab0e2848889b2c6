package io.skewer.core.encode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class JsonTextTest {
    private static JsonObject strictly(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        return JsonParser.parseReader(reader).getAsJsonObject();
    }

    @Property
    void anyTextComesBackFromTheJson(@ForAll String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonObject read = strictly(Sample.empty().with(Field.MESSAGE, bytes).encoded("json"));
        String expected = new String(bytes, StandardCharsets.UTF_8);
        assertThat(read.has("message") ? read.get("message").getAsString() : "").isEqualTo(expected);
        assertThat(read.has("message_b64")).isFalse();
    }

    @Property
    void anyBytesGiveValidJsonFromWhichTheyComeBack(@ForAll @Size(max = 40) byte[] bytes) {
        JsonObject read = strictly(Sample.empty().with(Field.MESSAGE, bytes).encoded("json"));
        byte[] back = read.has("message_b64")
                ? Base64.getDecoder().decode(read.get("message_b64").getAsString())
                : read.has("message")
                        ? read.get("message").getAsString().getBytes(StandardCharsets.UTF_8)
                        : new byte[0];
        assertThat(back).isEqualTo(bytes);
    }

    @Property
    void wellFormedMeansWhatTheJdkMeans(@ForAll @Size(max = 24) byte[] bytes) {
        boolean expected = true;
        try {
            StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException malformed) {
            expected = false;
        }
        assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(expected);
        assertThat(JsonText.add(bytes, 0, bytes.length, new ByteBuilder(1))).isEqualTo(expected);
    }

    @Property
    void anyPropertiesGiveValidJson(@ForAll String domain, @ForAll String key, @ForAll String value) {
        JsonObject read = strictly(
                Sample.empty().element(domain, key, value, key, "second").encoded("json"));
        assertThat(read.getAsJsonObject("properties").size()).isEqualTo(1);
    }
}
