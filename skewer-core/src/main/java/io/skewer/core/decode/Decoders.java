package io.skewer.core.decode;

import io.skewer.core.config.Decoding;

/** Builds the decoder that a source is configured to use. */
public final class Decoders {
    private Decoders() {}

    /**
     * A new decoder, for one thread.
     *
     * @throws IllegalArgumentException when the format, the character set or the time zone is not known, with a message for the
     *     operator
     */
    public static Decoder of(Decoding decoding) {
        LocalZone zone = LocalZone.of(decoding.timeZone());
        FrameParser rfc3164 = new Rfc3164Parser(zone);
        FrameParser rfc5424 = new Rfc5424Parser(zone, rfc3164);
        FrameParser parser = switch (decoding.format()) {
            case "rfc5424" -> rfc5424;
            case "rfc3164" -> rfc3164;
            case "json" -> new JsonParser(zone);
            case "auto" -> new AutoParser(rfc5424, rfc3164, new JsonParser(zone));
            default ->
                throw new IllegalArgumentException(
                        "format \"" + decoding.format() + "\" is not known; use auto, rfc5424, rfc3164 or json");
        };
        return new FrameDecoder(parser, Transcoder.of(decoding.charset()), decoding.keepRaw());
    }
}
