package io.skewer.cli.e2e;

import io.skewer.cli.quickstart.ServeProcess;
import io.skewer.cli.role.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the daemon of a test is like. Without a word it listens to TCP, UDP and RELP on free ports of 127.0.0.1 and writes the messages to
 * files {@code out/APP.log}.
 */
final class DaemonSetup {
    private final Path directory;
    private Path log;
    private final List<String> options = new ArrayList<>();
    private String destination = "file";
    private String main = "";
    private String everySource = "";
    private String relpSource = "";
    private String fileDestination = "";
    private String sections = "";
    /** Tests may be root, and their directories are then root's. */
    private String absent = "\"uid\"";

    private Path script = Path.of(Execution.skewer());
    private Map<String, String> environment = Map.of();

    /** @param directory gets the configuration, the store, the log and the output */
    DaemonSetup(Path directory) {
        this.directory = directory;
        log = directory.resolve("daemon/serve.log");
    }

    DaemonSetup destination(String names) {
        destination = names;
        return this;
    }

    /** Delivers to this topic of this broker only. */
    DaemonSetup kafka(String broker, String topic) {
        return destination("kafka").alsoKafka(broker, topic);
    }

    DaemonSetup alsoKafka(String broker, String topic) {
        return everySource("topic_tmpl = \"" + topic + "\"\n")
                .sections("[kafka_destination]\nbrokers = [\"" + broker + "\"]\n");
    }

    /** More keys of {@code [main]}. */
    DaemonSetup main(String keys) {
        main += keys + "\n";
        return this;
    }

    /** More keys of each source. */
    DaemonSetup everySource(String keys) {
        everySource += keys + "\n";
        return this;
    }

    /** More keys of the RELP source. */
    DaemonSetup relpSource(String keys) {
        relpSource += keys + "\n";
        return this;
    }

    /** More keys of {@code [file_destination]}. */
    DaemonSetup fileDestination(String keys) {
        fileDestination += keys + "\n";
        return this;
    }

    DaemonSetup sections(String text) {
        sections += text + "\n";
        return this;
    }

    /** Does without a layer of confinement. */
    DaemonSetup without(String layer) {
        absent += ", \"" + layer + "\"";
        return this;
    }

    /** Runs all processes on a C library that fails on demand. */
    DaemonSetup on(FaultyLibrary library) {
        script = library.script();
        return this;
    }

    /** More options of {@code skewer serve}. */
    DaemonSetup options(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** Two more words for the JVMs of all children. The script splits at blanks, so each has a property of its own. */
    DaemonSetup jvmOptions(String first, String second) {
        StringBuilder words = new StringBuilder("-Dskewer.jvm=" + first);
        for (Role role : Role.values()) {
            words.append(" -Dskewer.jvm.").append(role.title()).append('=').append(second);
        }
        environment = Map.of("SKEWER_JVM_OPTIONS", words.toString());
        return this;
    }

    ServeProcess.Script script() {
        return new ServeProcess.Script(script, environment);
    }

    TestDaemon start() throws IOException, InterruptedException {
        return TestDaemon.start(this);
    }

    /** Starts a daemon whose options send its log to this file. */
    TestDaemon startLoggingTo(Path file) throws IOException, InterruptedException {
        loggingTo(file);
        return start();
    }

    void loggingTo(Path file) {
        log = file;
    }

    /** Where the daemon's log is found. */
    Path log() {
        return log;
    }

    Path directory() {
        return directory;
    }

    Path output() {
        return directory.resolve("out");
    }

    String[] options() {
        return options.toArray(String[]::new);
    }

    String toml(int tcpPort, int udpPort, int relpPort, int metricsPort) {
        return """
                [main]
                destination = "%s"
                %s
                [metrics]
                port = %d

                [file_destination]
                filename = "%s/{{.AppName}}.log"
                %s
                [confinement]
                absent = [%s]
                """.formatted(destination, main, metricsPort, output(), fileDestination, absent)
                + source("tcp", tcpPort)
                + source("udp", udpPort)
                + source("relp", relpPort)
                + relpSource
                + sections;
    }

    private String source(String name, int port) {
        return "[[" + name + "_source]]\nports = [" + port + "]\n" + everySource + "\n";
    }
}
