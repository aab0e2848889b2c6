package io.skewer.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where one server of one measurement runs: its directory, its ports, and where its messages go.
 *
 * @param broker {@code host:port}; empty when the destination is a file
 */
record Place(Path directory, int tcp, int udp, int relp, int metrics, String broker, String topic) {
    static Place in(Path directory, String broker, String topic) throws IOException {
        return new Place(directory, freePort(), freePort(), freePort(), freePort(), broker, topic);
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    Path output() {
        return directory.resolve("output/messages.log");
    }

    /** A configuration from the resources of this package, with this place and other words filled in. */
    String fill(String resource, Map<String, String> words) throws IOException {
        try (InputStream in = Place.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no resource " + resource);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@DIRECTORY@", directory.toString())
                    .replace("@OUTPUT@", output().toString())
                    .replace("@TCP@", String.valueOf(tcp))
                    .replace("@UDP@", String.valueOf(udp))
                    .replace("@RELP@", String.valueOf(relp))
                    .replace("@METRICS@", String.valueOf(metrics))
                    .replace("@BROKER@", broker)
                    .replace("@TOPIC@", topic);
            for (Map.Entry<String, String> word : words.entrySet()) {
                text = text.replace(word.getKey(), word.getValue());
            }
            return text;
        }
    }
}
