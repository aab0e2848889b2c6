package io.skewer.core.source;

import io.skewer.core.decode.Decoder;
import java.util.function.Supplier;

/**
 * What happens to the frames of one section of the configuration.
 *
 * @param decoder makes a decoder for one event loop; called once for each listening socket and event loop
 * @param topic makes what names the topic for one event loop, {@link Namer#NONE} when there is no template
 * @param key makes what names the partition key for one event loop, {@link Namer#NONE} when there is no template
 */
public record Treatment(Supplier<? extends Decoder> decoder, Supplier<Namer> topic, Supplier<Namer> key) {
    public Treatment(Supplier<? extends Decoder> decoder) {
        this(decoder, () -> Namer.NONE, () -> Namer.NONE);
    }
}
