package io.skewer.cli.role;

import io.skewer.core.config.Decoding;
import io.skewer.core.config.MainSection;
import io.skewer.core.config.Routing;
import io.skewer.core.decode.Decoders;
import io.skewer.core.source.SourceContext;
import io.skewer.core.source.Treatment;
import io.skewer.core.template.Template;
import io.skewer.core.template.TemplateSyntax;
import io.skewer.core.template.TopicName;
import java.time.Instant;

/** What the mains of listeners have in common: how a section's messages are treated, and what a listener gets from its process. */
final class Sources {
    /** One loop reads faster than the links and the store behind can take; a second one serves many connections more evenly. */
    private static final int EVENT_LOOPS = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);

    private Sources() {}

    static StoreLine storeLine(Control control, Role listener) {
        return new StoreLine(control.measures(), listener.title(), control::linkLost);
    }

    static SourceContext context(Control control, StoreLine store) {
        MainSection main = control.settings().config().main();
        return new SourceContext(
                store,
                control.measures(),
                Sources::wallClockNs,
                main.batchDelay(),
                main.maxInputMessageSize(),
                EVENT_LOOPS);
    }

    private static long wallClockNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** @throws IllegalStateException for a template that the configuration should not have let through */
    static Treatment treatment(Decoding decoding, Routing routing) {
        return new Treatment(
                () -> Decoders.of(decoding),
                () -> new TopicName(compile(routing.topicTmpl()))::render,
                () -> compile(routing.partitionKeyTmpl())::render);
    }

    private static Template compile(String text) {
        try {
            return Template.compile(text);
        } catch (TemplateSyntax cause) {
            throw new IllegalStateException(cause);
        }
    }
}
