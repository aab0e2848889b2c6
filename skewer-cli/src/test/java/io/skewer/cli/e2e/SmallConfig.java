package io.skewer.cli.e2e;

/** The configuration of a daemon that does little: it takes TCP at 127.0.0.1 and writes files, and shows no metrics. */
public final class SmallConfig {
    private SmallConfig() {}

    /**
     * @param filename template of the files
     * @param sections more of it
     */
    public static String toml(int tcpPort, String filename, String sections) {
        return """
                [main]
                destination = "file"
                [metrics]
                port = 0
                [file_destination]
                filename = "%s"
                [[tcp_source]]
                ports = [%d]
                bind_addr = "127.0.0.1"
                %s
                """.formatted(filename, tcpPort, sections);
    }
}
