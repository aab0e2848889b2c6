package io.skewer.core.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skewer.core.encode.Sample;
import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
    private static String render(String template, Sample sample) throws TemplateSyntax {
        ByteBuilder out = new ByteBuilder(1);
        Template.compile(template).render(sample.record(), out);
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topic-{{.AppName}} | topic-app",
                "{{.Appname}}{{ .Hostname }} | apphost",
                "{{.HostName}}/{{.ProcId}}/{{.MsgId}} | host/42/ID1",
                "{{.Facility}}.{{.Severity}} {{.Priority}} | auth.crit 34",
                "/x/{{.Date}}/{{.Hour}}.log | /x/2018-06-10/10.log",
                "{{.TimeReportedNum}} {{.TimeGeneratedNum}} | 1528624800123456789 1528624801000000000",
                "{{.GetProperty \"d\" \"k\"}} | v\"]\\",
                "{{.GetProperty `d` \"k\" }}! | v\"]\\!",
                "{{.GetProperty \"d\" \"none\"}}{{.GetProperty \"none\" \"k\"}}- | -",
                "plain }} text | plain }} text",
            })
    void fieldsStandWhereTheyAreNamed(String template, String expected) throws TemplateSyntax {
        assertThat(render(template, new Sample())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a{{.AppNam}} | 3 | did you mean .AppName?",
                "{{.HotsName}} | 2 | did you mean .HostName?",
                "{{.}} | 2 | known are .AppName, .HostName, .ProcId",
                "{{AppName}} | 2 | expected a field",
                "{{if .AppName}}x{{end}} | 2 | expected a field",
                "{{.AppName | 10 | expected }}",
                "{{ | 2 | expected a field",
                "{{.GetProperty \"d\"}} | 18 | two quoted names",
                "{{.GetProperty \"d\" \"k}} | 19 | does not end",
                "{{.GetProperty \"d\\n\" \"k\"}} | 17 | backslash",
                "{{.GetPropertie \"d\" \"k\"}} | 2 | did you mean .GetProperty?",
            })
    void whatIsNotUnderstoodIsRefusedWithItsPlace(String template, int position, String reason) {
        refuse(template, position, reason);
    }

    private static void refuse(String template, int position, String reason) {
        assertThatExceptionOfType(TemplateSyntax.class)
                .isThrownBy(() -> Template.compile(template))
                .withMessageContaining(reason)
                .satisfies(wrong -> assertThat(wrong.position()).isEqualTo(position));
    }

    @Test
    void pipesAreRefused() {
        refuse("{{.AppName|printf}}", 10, "expected }}");
    }

    @Test
    void valuesAreCleanedAndTextIsNot() throws TemplateSyntax {
        ByteBuilder out = new ByteBuilder(1);
        Template.compile("a-{{.AppName}}-{{.HostName}}").render(new Sample().record(), out, (bytes, start) -> {
            bytes.truncate(start);
            bytes.add('*');
        });
        assertThat(out.toString()).isEqualTo("a-*-*");
    }

    private static String topic(String app) throws TemplateSyntax {
        ByteBuilder out = new ByteBuilder(1);
        new TopicName(Template.compile("{{.AppName}}"))
                .render(new Sample().with(Field.APP, app).record(), out);
        return out.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "...", "topic-", "A_b.c-9", "_"})
    void aTopicThatKafkaCanHaveIsUsed(String name) throws TemplateSyntax {
        assertThat(topic(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "é", "a/b", "a\u0000", "undefined?"})
    void anyOtherTopicIsTheDefaultTopic(String name) throws TemplateSyntax {
        assertThat(topic(name)).isEqualTo("default-topic");
    }

    @Test
    void aTopicHasAtMost249Characters() throws TemplateSyntax {
        assertThat(topic("x".repeat(249))).hasSize(249);
        assertThat(topic("x".repeat(250))).isEqualTo("default-topic");
    }

    @Test
    void aMessageWithoutAppGoesToTheBareTopic() throws TemplateSyntax {
        ByteBuilder out = new ByteBuilder(1);
        new TopicName(Template.compile("topic-{{.AppName}}"))
                .render(Sample.empty().record(), out);
        assertThat(out.toString()).isEqualTo("topic-");
    }
}
