package io.skewer.core.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skewer.core.encode.Sample;
import io.skewer.core.message.ByteBuilder;

class TemplateFuzzTest {
    @FuzzTest
    void anyTextIsCompiledOrRefusedWithAPlaceInIt(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        try {
            Template.compile(text).render(new Sample().record(), new ByteBuilder(1));
        } catch (TemplateSyntax wrong) {
            assertThat(wrong.position()).isBetween(0, text.length());
        }
    }
}
