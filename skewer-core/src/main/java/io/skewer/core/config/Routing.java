package io.skewer.core.config;

/** The keys that say under which topic and partition key the messages of a source travel. */
public record Routing(
        @Setting(
                value = "\"topic-{{.AppName}}\"",
                about = "Template of the topic; what Kafka cannot have as a name goes to default-topic.")
        String topicTmpl,

        @Setting(value = "\"partition-{{.HostName}}\"", about = "Template of the partition key.")
        String partitionKeyTmpl) {}
