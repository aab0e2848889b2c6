package io.skewer.cli.bench;

/** What can be measured. A table has the columns that its rows fill, in this order. */
enum Column {
    RATE("messages/s", "%.0f", true),
    OFFERED("offered/s", "%.0f"),
    LOST("lost %", "%.3f"),
    /** Of what was lost, what the server itself says that it lost. */
    COUNTED("counted as lost %", "%.3f"),
    CPU("CPU s per million", "%.2f", true),
    KEPT_RATE("kept/s while Kafka is down", "%.0f", true),
    KEPT_CPU("CPU s per million kept", "%.2f", true),
    DRAIN_RATE("drained/s", "%.0f", true),
    DRAIN_CPU("CPU s per million drained", "%.2f", true),
    /** Half of the messages were answered, or at the destination, within this time. */
    P50_MS("p50 ms", "%.1f", true),
    P99_MS("p99 ms", "%.1f", true),
    CPU_PERCENT("CPU % of a core", "%.2f"),
    IDLE_PSS("idle PSS MiB", "%.0f"),
    BUSY_PSS("busy PSS MiB", "%.0f"),
    /** From the command to the first accepted TCP connection. */
    CONNECTED("first connection s", "%.2f"),
    /** From the command to the answer to a first message, over RELP. */
    ANSWERED("first answer s", "%.2f"),
    /** From the command until all parts of the server are at work. */
    STARTED("all started s", "%.2f");

    private final String title;
    private final String form;
    private final boolean compared;

    Column(String title, String form, boolean compared) {
        this.title = title;
        this.form = form;
        this.compared = compared;
    }

    Column(String title, String form) {
        this(title, form, false);
    }

    String title() {
        return title;
    }

    /** For {@link String#format}. */
    String form() {
        return form;
    }

    /** Shown as a ratio to rsyslog's as well. */
    boolean isCompared() {
        return compared;
    }
}
