package io.skewer.cli.bench;

import io.skewer.cli.quickstart.ServeProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;

/** skewer as a user starts it. */
record SkewerProcess(ServeProcess serve, Place place) implements Running {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DROPS = "skewer_udp_kernel_drops_total{";

    /** @param absent layers of confinement to do without, as the configuration lists them */
    static SkewerProcess start(Row row, Place place, String absent) throws IOException {
        String toml = place.fill(
                row.toKafka() ? "skewer-kafka.toml" : "skewer-file.toml",
                Map.of("@FSYNC@", String.valueOf(row.fsync()), "@ABSENT@", absent));
        return new SkewerProcess(ServeProcess.start(place.directory().resolve("skewer"), toml), place);
    }

    @Override
    public Process process() {
        return serve.process();
    }

    @Override
    public void awaitWork() throws IOException, InterruptedException {
        serve.awaitStarted(PATIENCE);
    }

    @Override
    public OptionalLong countedAsLost() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI page = URI.create("http://127.0.0.1:" + place.metrics() + "/metrics");
            String metrics = client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            double drops = metrics.lines()
                    .filter(line -> line.startsWith(DROPS))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
            return OptionalLong.of((long) drops);
        }
    }

    @Override
    public void close() {
        serve.close();
    }
}
