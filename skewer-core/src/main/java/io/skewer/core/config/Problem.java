package io.skewer.core.config;

/**
 * One thing that is wrong with a configuration. Never holds the value of a secret.
 *
 * @param file where it was read
 * @param line from 1, or 0 when it is not known
 * @param section as it stands in the file, {@code [main]} or {@code [[tcp_source]] no. 2}; empty for the file as a whole
 * @param key empty for the section as a whole
 * @param reason a sentence for the operator, with a suggestion where there is one
 */
public record Problem(String file, int line, String section, String key, String reason) {
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line);
        }
        text.append(": ");
        if (!section.isEmpty()) {
            text.append(section).append(key.isEmpty() ? ": " : " ");
        }
        if (!key.isEmpty()) {
            text.append(key).append(": ");
        }
        return text.append(reason).toString();
    }
}
