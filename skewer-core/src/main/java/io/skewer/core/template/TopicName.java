package io.skewer.core.template;

import io.skewer.core.message.ByteBuilder;
import io.skewer.core.message.RecordView;
import java.nio.charset.StandardCharsets;

/**
 * The template of a Kafka topic. What it renders is used only when Kafka can have a topic of that name: 1 to 249 characters among
 * {@code a-z A-Z 0-9 . _ -}, and neither {@code .} nor {@code ..}; everything else goes to {@value #DEFAULT}. With the
 * template {@code topic-{{.AppName}}} a message without app goes to {@code topic-}, as it did in the predecessor. Belongs to one thread.
 */
public final class TopicName {
    public static final String DEFAULT = "default-topic";
    /** Kafka's own limit: a topic's directory is its name, a dash and the partition number, in 255 bytes. */
    public static final int MAX_BYTES = 249;

    private static final byte[] DEFAULT_BYTES = DEFAULT.getBytes(StandardCharsets.US_ASCII);

    private final Template template;

    public TopicName(Template template) {
        this.template = template;
    }

    /** Adds the topic of this record to {@code out}. */
    public void render(RecordView record, ByteBuilder out) {
        int start = out.length();
        template.render(record, out);
        if (!isValid(out.array(), start, out.length() - start)) {
            out.truncate(start);
            out.add(DEFAULT_BYTES);
        }
    }

    /** Whether Kafka can have a topic of that name. */
    public static boolean isValid(byte[] name, int offset, int length) {
        if (length == 0 || length > MAX_BYTES) {
            return false;
        }
        boolean onlyDots = length <= 2;
        for (int i = offset; i < offset + length; i++) {
            if (!isLegal(name[i])) {
                return false;
            }
            onlyDots &= name[i] == '.';
        }
        return !onlyDots;
    }

    private static boolean isLegal(byte c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }
}
