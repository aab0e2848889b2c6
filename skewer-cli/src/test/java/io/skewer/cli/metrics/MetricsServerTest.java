package io.skewer.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skewer.core.measure.Measures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
    private final Measures measures = new Measures();
    private MetricsServer server;

    @BeforeEach
    void start() throws IOException {
        measures.counter("skewer_test_total", "A test.").add(42);
        server = new MetricsServer(0, "/metrics", measures::snapshot);
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** The process seals itself in between. */
    @Test
    void itHasThePortAtOnceAndAnswersWhenItIsStarted() throws Exception {
        long before = dispatchers();
        try (MetricsServer later = new MetricsServer(0, "/metrics", List::of);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), later.port())) {
            assertThat(client.isConnected()).isTrue();
            assertThat(dispatchers()).isEqualTo(before);
            later.start();
            assertThat(dispatchers()).isEqualTo(before + 1);
        }
    }

    @Test
    void aPortThatIsTakenIsNamedWithItsKey() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new MetricsServer(server.port(), "/metrics", List::of).close())
                .withMessage("[metrics] port " + server.port() + " of 127.0.0.1: Address already in use");
    }

    private static long dispatchers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("HTTP-Dispatcher"))
                .count();
    }

    @Test
    void thePageHasTheMeasures() throws Exception {
        HttpResponse<String> answer = ask("GET", "/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body()).contains("\nskewer_test_total 42\n");
    }

    @Test
    void headHasNoBody() throws Exception {
        HttpResponse<String> answer = ask("HEAD", "/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void healthIsOk() throws Exception {
        assertThat(ask("GET", "/health").body()).isEqualTo("ok\n");
    }

    @Test
    void nothingElseIsThereAndNothingElseIsAllowed() throws Exception {
        assertThat(ask("GET", "/").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/metrics/more").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/metrics/../etc/passwd").statusCode()).isEqualTo(404);
        assertThat(ask("POST", "/metrics").statusCode()).isEqualTo(405);
        assertThat(ask("DELETE", "/health").statusCode()).isEqualTo(405);
    }

    @Test
    void measuresThatFailAreAnErrorOfThatRequestOnly() throws Exception {
        measures.gauge("skewer_broken", "Fails.", () -> {
            throw new IllegalStateException("broken");
        });
        assertThat(ask("GET", "/metrics").statusCode()).isEqualTo(500);
        assertThat(ask("GET", "/health").statusCode()).isEqualTo(200);
    }

    @Test
    void aClientThatNeverEndsItsRequestDoesNotStopTheOthers() throws Exception {
        try (Socket slow = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
            slow.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: a".getBytes(StandardCharsets.US_ASCII));
            assertThat(ask("GET", "/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aTakenPortIsSaid() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new MetricsServer(server.port(), "/metrics", List::of));
    }
}
