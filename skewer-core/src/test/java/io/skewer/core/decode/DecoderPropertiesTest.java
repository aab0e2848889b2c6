package io.skewer.core.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.core.message.ParseStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DecoderPropertiesTest {
    private static final List<String> FORMATS = List.of("auto", "rfc5424", "rfc3164", "json");

    @Property(tries = 3000)
    void anyBytesAreKept(@ForAll byte[] frame) {
        for (String format : FORMATS) {
            assertKept(format, frame);
        }
    }

    @Property(tries = 5000)
    void anyMixtureOfWhatSyslogIsMadeOfIsKept(@ForAll("mixtures") String text) {
        byte[] frame = text.getBytes(StandardCharsets.UTF_8);
        for (String format : FORMATS) {
            assertKept(format, frame);
        }
    }

    private static void assertKept(String format, byte[] frame) {
        Decoded decoded = Decoded.of(Decoded.settings(format), frame, Decoded.RECEIVED);
        assertThat(decoded.keeps(frame)).as(decoded.summary()).isTrue();
        if (decoded.status() == ParseStatus.OK && !isJson(frame)) {
            // What was left out beside the time stamp is at most: priority, version, nil values, punctuation, line
            // ends.
            String text = new String(frame, StandardCharsets.ISO_8859_1);
            String message = new String(decoded.messageBytes(), StandardCharsets.ISO_8859_1);
            assertThat(text.replaceFirst("[\\r\\n\\x00]+$", "")).endsWith(message);
            int kept = decoded.host().getBytes(StandardCharsets.UTF_8).length
                    + decoded.app().length()
                    + decoded.procid().length()
                    + decoded.msgid().length()
                    + message.length();
            int properties = decoded.elements().stream()
                    .mapToInt(e -> 3
                            + e.domain().length()
                            + e.parameters().stream()
                                    .mapToInt(p -> 4
                                            + p.key().length()
                                            + 2 * p.value().getBytes(StandardCharsets.UTF_8).length)
                                    .sum())
                    .sum();
            assertThat(frame.length - kept - properties).as(decoded.summary()).isLessThan(70);
        }
    }

    private static boolean isJson(byte[] frame) {
        return new String(frame, StandardCharsets.ISO_8859_1).strip().startsWith("{");
    }

    @Provide
    Arbitrary<String> mixtures() {
        Arbitrary<String> pieces = Arbitraries.of(
                "<34>",
                "<0>",
                "<191>",
                "<192>",
                "1 ",
                "12 ",
                "2003-10-11T22:14:15.003Z",
                "2003-10-11T22:14:15+02:00",
                "-",
                " ",
                "- ",
                "Oct 11 22:14:15",
                "Feb  5 10:00:00",
                "2020",
                "host",
                "::1",
                "app[12]:",
                "app:",
                "[x@1 a=\"b\"]",
                "[x",
                "]",
                "[",
                "\"",
                "\\",
                "=",
                ":",
                "*",
                ".",
                "%A-1-B:",
                "123: ",
                "UTC:",
                "{",
                "}",
                "{\"message\":\"m\"",
                ",\"host\":",
                "last message repeated 2 times",
                "Message forwarded from h: ",
                "\n",
                "\r",
                "\0",
                "\t",
                "\u00e9",
                "\uFEFF",
                "text");
        return pieces.list().ofMaxSize(14).map(list -> String.join("", list));
    }

    @Property(tries = 2000)
    void whatRfc5424SaysIsRead(@ForAll("messages") Decoded5424 message) {
        Decoded decoded = Decoded.of("auto", message.frame());
        assertThat(decoded.status()).as(message.frame()).isEqualTo(ParseStatus.OK);
        assertThat(decoded.priority()).isEqualTo(message.priority());
        assertThat(decoded.version()).isEqualTo(message.version());
        assertThat(List.of(decoded.host(), decoded.app(), decoded.procid(), decoded.msgid()))
                .isEqualTo(message.names());
        assertThat(decoded.elements()).isEqualTo(message.elements());
        assertThat(decoded.message()).isEqualTo(message.text());
    }

    /** A message as RFC 5424 allows it, and its frame. */
    record Decoded5424(int priority, int version, List<String> names, List<Decoded.Element> elements, String text) {
        String frame() {
            StringBuilder frame = new StringBuilder("<" + priority + ">" + version + " 2003-10-11T22:14:15.003Z");
            names.forEach(name -> frame.append(' ').append(name.isEmpty() ? "-" : name));
            frame.append(elements.isEmpty() ? " -" : " ");
            for (Decoded.Element element : elements) {
                frame.append('[').append(element.domain());
                for (Decoded.Parameter p : element.parameters()) {
                    String value = p.value()
                            .replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("]", "\\]");
                    frame.append(' ')
                            .append(p.key())
                            .append("=\"")
                            .append(value)
                            .append('"');
                }
                frame.append(']');
            }
            return text.isEmpty()
                    ? frame.toString()
                    : frame.append(' ').append(text).toString();
        }
    }

    @Provide
    Arbitrary<Decoded5424> messages() {
        Arbitrary<List<String>> names = Arbitraries.strings()
                .withCharRange('!', '~')
                .ofMaxLength(32)
                .filter(name -> !name.equals("-"))
                .list()
                .ofSize(4);
        Arbitrary<String> name = Arbitraries.strings()
                .withCharRange('!', '~')
                .excludeChars('=', ']', '"')
                .ofMinLength(1)
                .ofMaxLength(32);
        Arbitrary<String> value =
                Arbitraries.strings().withChars("ab \\\"]=[\n\u00e9\u20ac").ofMaxLength(20);
        Arbitrary<List<Decoded.Element>> elements = Combinators.combine(
                        name,
                        Combinators.combine(name, value)
                                .as(Decoded.Parameter::new)
                                .list()
                                .ofMaxSize(4))
                .as(Decoded.Element::new)
                .list()
                .uniqueElements(Decoded.Element::domain)
                .ofMaxSize(4);
        Arbitrary<String> text = Arbitraries.strings()
                .withChars("ab []<>{}\"-\\\n\u00e9\u20ac")
                .ofMaxLength(60)
                .filter(t -> !t.endsWith("\n") && !t.matches("(?s).*\\n *"));
        return Combinators.combine(
                        Arbitraries.integers().between(0, 191),
                        Arbitraries.integers().between(1, 999),
                        names,
                        elements,
                        text)
                .as(Decoded5424::new);
    }
}
