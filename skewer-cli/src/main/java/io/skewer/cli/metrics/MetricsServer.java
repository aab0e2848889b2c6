package io.skewer.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skewer.core.fault.FaultText;
import io.skewer.core.measure.PrometheusText;
import io.skewer.core.measure.Sample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the metrics page and {@code /health} on 127.0.0.1, for GET and HEAD. Any local user can ask, so threads, connections and
 * the time of a request are bounded. The supplier is called by the threads of the server, by several at a time.
 */
public final class MetricsServer implements AutoCloseable {
    /** Answers {@code ok} as long as the process lives. */
    public static final String HEALTH_PATH = "/health";

    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final int THREADS = 4;
    private static final int QUEUE_LENGTH = 64;
    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final String path;
    private final Supplier<List<Sample>> samples;

    /**
     * Takes the port. Who connects waits until {@link #start}.
     *
     * @param port 0 for any
     * @throws IOException when the port is taken or not allowed
     */
    public MetricsServer(int port, String path, Supplier<List<Sample>> samples) throws IOException {
        this.path = path;
        this.samples = samples;
        limitTheServerOfTheJdk();
        server = bind(port);
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE_LENGTH), task -> {
                    Thread thread = new Thread(task, "metrics");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        // What the queue cannot take is left to the time limit of the connection.
        threads.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        server.setExecutor(threads);
        server.createContext("/", this::answer);
    }

    private static HttpServer bind(int port) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), BACKLOG);
        } catch (IOException cause) {
            throw new IOException("[metrics] port " + port + " of 127.0.0.1: " + FaultText.reason(cause), cause);
        }
    }

    /** Begins to answer: not before the process is sealed, since anybody on this host can ask. */
    public void start() {
        server.start();
        LOG.atInfo().setMessage("metrics.listening").addKeyValue("port", port()).log();
    }

    /** The limits of that server are properties of the whole process; a value from the command line stays. */
    private static void limitTheServerOfTheJdk() {
        for (String[] limit : new String[][] {
            {"sun.net.httpserver.maxReqTime", "5"}, // seconds to send a request
            {"sun.net.httpserver.maxRspTime", "10"}, // seconds to take the answer
            {"sun.net.httpserver.idleInterval", "10"},
            {"sun.net.httpserver.timerMillis", "5000"}, // how often they are looked at; 1000 by default
            {"sun.net.httpserver.maxReqHeaders", "50"},
            {"jdk.httpserver.maxConnections", "64"},
        }) {
            if (System.getProperty(limit[0]) == null) {
                System.setProperty(limit[0], limit[1]);
            }
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String wanted = exchange.getRequestURI().getPath();
            boolean isPage = path.equals(wanted);
            if (!isPage && !HEALTH_PATH.equals(wanted)) {
                send(exchange, 404, TEXT, "not found\n");
            } else if (!exchange.getRequestMethod().equals("GET")
                    && !exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, TEXT, "only GET and HEAD\n");
            } else if (isPage) {
                sendPage(exchange);
            } else {
                send(exchange, 200, TEXT, "ok\n");
            }
        }
    }

    private void sendPage(HttpExchange exchange) throws IOException {
        String page;
        try {
            page = PrometheusText.render(samples.get());
        } catch (RuntimeException e) { // whatever a gauge did: the page fails, not the process
            LOG.atWarn().setMessage("metrics.failed").setCause(e).log();
            send(exchange, 500, TEXT, "the measures could not be taken\n");
            return;
        }
        send(exchange, 200, PrometheusText.CONTENT_TYPE, page);
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Stops at once; requests on their way are cut. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
