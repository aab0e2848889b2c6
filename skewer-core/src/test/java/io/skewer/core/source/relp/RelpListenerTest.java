package io.skewer.core.source.relp;

import static org.assertj.core.api.Assertions.assertThat;

import io.skewer.core.config.RelpSource;
import io.skewer.core.measure.Measures;
import io.skewer.core.message.Origin;
import io.skewer.core.source.ListeningSocket;
import io.skewer.core.source.Sockets;
import io.skewer.core.source.TestOutlet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RelpListenerTest {
    private static final int MAX_MESSAGE_BYTES = 1000;
    private static final int WINDOW = 20;

    private final Measures measures = new Measures();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : toClose.reversed()) {
            each.close();
        }
    }

    private RelpListener relp(TestOutlet outlet, ListeningSocket at) {
        RelpListener relp = new RelpListener(Sockets.context(outlet, measures, MAX_MESSAGE_BYTES));
        toClose.add(relp);
        relp.listen(
                List.of(at),
                new RelpSource(
                        Sockets.listening(),
                        Sockets.connections(Duration.ZERO, 100),
                        Sockets.DECODING,
                        Sockets.ROUTING,
                        WINDOW),
                Sockets.RAW);
        relp.start();
        return relp;
    }

    private int listen(TestOutlet outlet) throws IOException {
        ListeningSocket at = Sockets.stream("127.0.0.1");
        relp(outlet, at);
        return at.port();
    }

    private RelpClient opened(int port) throws IOException {
        RelpClient client = RelpClient.opened(port);
        toClose.add(client);
        return client;
    }

    private RelpClient connected(int port) throws IOException {
        RelpClient client = new RelpClient(port);
        toClose.add(client);
        return client;
    }

    private double errors(String reason) {
        return Sockets.measured(measures, "skewer_protocol_errors_total", Map.of("source", "relp", "reason", reason));
    }

    @Test
    void aWholeDialogueIsAnswered() throws Exception {
        TestOutlet outlet = new TestOutlet();
        int port = listen(outlet);
        RelpClient client = connected(port);
        client.command("open", RelpClient.OFFERS);
        assertThat(client.readFrame())
                .startsWith("1 rsp 200 OK\nrelp_version=0\nrelp_software=skewer,")
                .endsWith("\ncommands=syslog");
        client.command("syslog", "<13>hello\n");
        assertThat(client.readFrame()).isEqualTo("2 rsp 200 OK");
        client.command("close", "");
        assertThat(client.readFrame()).isEqualTo("3 rsp");
        assertThat(client.readFrame()).isEqualTo("0 serverclose");
        assertThat(client.readFrame()).isEmpty();
        assertThat(outlet.messages()).containsExactly("<13>hello");
        assertThat(outlet.received().getFirst().origin()).isEqualTo(new Origin("relp", "127.0.0.1", port, ""));
        Sockets.until(
                "counted", () -> Sockets.measured(measures, "skewer_relp_answers_total", Map.of("code", "200")) == 1);
    }

    @Test
    void aMessageIsAnsweredOnlyWhenItsBatchIsKept() throws Exception {
        TestOutlet outlet = TestOutlet.keepingNothing();
        RelpClient client = opened(listen(outlet));
        client.command("syslog", "<13>one");
        outlet.await(1);
        assertThat(client.hasAnswer(200)).isFalse();
        client.command("syslog", "<13>two");
        outlet.await(2);
        assertThat(client.hasAnswer(100)).isFalse();
        outlet.keepOne();
        assertThat(client.readFrame()).isEqualTo("2 rsp 200 OK");
        assertThat(client.hasAnswer(100)).isFalse();
        outlet.keepOne();
        assertThat(client.readFrame()).isEqualTo("3 rsp 200 OK");
    }

    @Test
    void refusalsAndClosingWaitForTheAnswersBeforeThem() throws Exception {
        TestOutlet outlet = TestOutlet.keepingNothing();
        RelpClient client = opened(listen(outlet));
        client.command("syslog", "<13>one");
        client.command("syslog", "x".repeat(MAX_MESSAGE_BYTES + 1));
        client.command("syslog", "");
        client.command("syslog", "<13>two");
        client.command("close", "");
        outlet.await(2);
        assertThat(client.hasAnswer(100)).isFalse();
        outlet.keepAll();
        assertThat(client.readFrame()).isEqualTo("2 rsp 200 OK");
        assertThat(client.readFrame()).isEqualTo("3 rsp 500 message of 1001 bytes, longest is 1000");
        assertThat(client.readFrame()).isEqualTo("4 rsp 200 OK");
        assertThat(client.readFrame()).isEqualTo("5 rsp 200 OK");
        assertThat(client.readFrame()).isEqualTo("6 rsp");
        assertThat(client.readFrame()).isEqualTo("0 serverclose");
        assertThat(outlet.messages()).containsExactly("<13>one", "<13>two");
        assertThat(Sockets.measured(measures, "skewer_dropped_messages_total", Map.of("reason", "oversize")))
                .isEqualTo(1);
        assertThat(Sockets.measured(measures, "skewer_received_messages_total", Map.of()))
                .isEqualTo(3);
    }

    @Test
    void aFullWindowStopsTheReadingUntilSomethingIsKept() throws Exception {
        TestOutlet outlet = TestOutlet.keepingNothing();
        RelpClient client = opened(listen(outlet));
        StringBuilder text = new StringBuilder();
        for (int i = 2; i < 102; i++) {
            text.append(RelpClient.frame(i, "syslog", "<13>" + i));
        }
        client.send(text.toString());
        outlet.await(WINDOW);
        Thread.sleep(100);
        assertThat(outlet.count()).isEqualTo(WINDOW);
        outlet.keepAll();
        for (int i = 2; i < 102; i++) {
            assertThat(client.readFrame()).isEqualTo(i + " rsp 200 OK");
        }
        assertThat(outlet.count()).isEqualTo(100);
    }

    @Test
    void transactionNumbersWrapAround() throws Exception {
        RelpClient client = connected(listen(new TestOutlet()));
        client.startAfter(Window.MAX_TXNR - 2);
        client.command("open", RelpClient.OFFERS);
        assertThat(client.readFrame()).startsWith("999999998 rsp 200 OK");
        for (String txnr : List.of("999999999", "1", "2")) {
            client.command("syslog", "<13>x");
            assertThat(client.readFrame()).isEqualTo(txnr + " rsp 200 OK");
        }
    }

    @Test
    void framesMayArriveByteByByte() throws Exception {
        TestOutlet outlet = new TestOutlet();
        RelpClient client = connected(listen(outlet));
        client.socket.setTcpNoDelay(true);
        String text = RelpClient.frame(1, "open", RelpClient.OFFERS)
                + RelpClient.frame(2, "syslog", "<13>a\nb")
                + RelpClient.frame(3, "syslog", "y".repeat(1001))
                + RelpClient.frame(4, "syslog", "<13>c")
                + "5 close 0 \n";
        for (int i = 0; i < text.length(); i++) {
            client.send(text.substring(i, i + 1));
        }
        List<String> answers = new ArrayList<>();
        for (String answer = client.readFrame(); !answer.isEmpty(); answer = client.readFrame()) {
            answers.add(answer.lines().findFirst().orElseThrow());
        }
        assertThat(answers)
                .containsExactly(
                        "1 rsp 200 OK",
                        "2 rsp 200 OK",
                        "3 rsp 500 message of 1001 bytes, longest is 1000",
                        "4 rsp 200 OK",
                        "5 rsp",
                        "0 serverclose");
        assertThat(outlet.messages()).containsExactly("<13>a\nb", "<13>c");
    }

    @ParameterizedTest
    @CsvSource({
        "x syslog 1 a, bad_number",
        "2 syslog -5 hello, bad_number",
        "2 syslog 9999999999 a, bad_number",
        "1234567890 syslog 1 a, bad_number",
        "2 syslog 999999999 a, frame_too_long",
        "2 syslog 1 ab, bad_trailer",
        "2 close 0 x, bad_trailer",
        "2 SYSLOG 1 a, bad_command",
        "2 rsp 6 200 OK, bad_command",
        "2 open 14 relp_version=0, bad_command",
        "4 syslog 1 a, bad_txnr",
        "1 syslog 1 a, bad_txnr",
        "2 abcdefghijklmnopqrstuvwxyzabcdefg 0, bad_command",
        "2, bad_number",
        "'2 syslog 3\nabc', bad_length",
    })
    void aViolationClosesOnlyItsConnection(String frame, String reason) throws Exception {
        TestOutlet outlet = new TestOutlet();
        int port = listen(outlet);
        RelpClient good = opened(port);
        RelpClient bad = opened(port);
        // A command named by itself needs what follows it to be seen as wrong.
        bad.send(frame + "\n");
        assertThat(bad.readFrame()).isEqualTo("0 serverclose");
        assertThat(bad.readFrame()).isEmpty();
        assertThat(errors(reason)).isEqualTo(1);
        good.command("syslog", "<13>still here");
        assertThat(good.readFrame()).isEqualTo("2 rsp 200 OK");
        assertThat(outlet.messages()).containsExactly("<13>still here");
    }

    @Test
    void aMessageBeforeTheOpeningIsAViolation() throws Exception {
        RelpClient client = connected(listen(new TestOutlet()));
        client.command("syslog", "<13>x");
        assertThat(client.readFrame()).isEqualTo("0 serverclose");
        assertThat(errors("bad_command")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"'relp_version=0\ncommands=eventlog'", "relp_version=x"})
    void anOpeningWithNothingToAgreeOnIsRefused(String offers) throws Exception {
        RelpClient client = connected(listen(new TestOutlet()));
        client.command("open", offers);
        assertThat(client.readFrame()).startsWith("1 rsp 500 ");
        assertThat(client.readFrame()).isEqualTo("0 serverclose");
        assertThat(client.readFrame()).isEmpty();
    }

    @Test
    void anOpeningMayOfferLittle() throws Exception {
        RelpClient client = connected(listen(new TestOutlet()));
        client.command("open", "relp_version=1");
        assertThat(client.readFrame()).startsWith("1 rsp 200 OK\nrelp_version=0\n");
    }

    @Test
    void aClientThatEndsItsSideStillGetsItsAnswers() throws Exception {
        TestOutlet outlet = TestOutlet.keepingNothing();
        RelpClient client = opened(listen(outlet));
        client.command("syslog", "<13>one");
        client.send("3 syslog 100 unfini");
        client.socket.shutdownOutput();
        outlet.await(1);
        assertThat(client.hasAnswer(100)).isFalse();
        outlet.keepAll();
        assertThat(client.readFrame()).isEqualTo("2 rsp 200 OK");
        assertThat(client.readFrame()).isEqualTo("0 serverclose");
        assertThat(client.readFrame()).isEmpty();
        assertThat(outlet.messages()).containsExactly("<13>one");
    }

    @Test
    void aClientThatIsGoneDoesNotHoldUpTheOthers() throws Exception {
        TestOutlet outlet = TestOutlet.keepingNothing();
        int port = listen(outlet);
        RelpClient gone = opened(port);
        RelpClient stays = opened(port);
        gone.command("syslog", "<13>gone");
        outlet.await(1);
        gone.socket.setSoLinger(true, 0);
        gone.close();
        stays.command("syslog", "<13>stays");
        outlet.await(2);
        Sockets.until("closed", () -> Sockets.measured(measures, "skewer_connections", Map.of()) == 1);
        outlet.keepAll();
        assertThat(stays.readFrame()).isEqualTo("2 rsp 200 OK");
    }

    @Test
    void withoutCreditMessagesWaitUnanswered() throws Exception {
        TestOutlet outlet = new TestOutlet();
        RelpClient client = opened(listen(outlet));
        outlet.setCredit(1);
        client.command("syslog", "<13>one");
        assertThat(client.readFrame()).isEqualTo("2 rsp 200 OK");
        client.command("syslog", "<13>two");
        assertThat(client.hasAnswer(200)).isFalse();
        assertThat(outlet.count()).isEqualTo(1);
        outlet.setCredit(Long.MAX_VALUE);
        assertThat(client.readFrame()).isEqualTo("3 rsp 200 OK");
        assertThat(outlet.count()).isEqualTo(2);
    }

    @Test
    void drainingAnswersEverythingThatWasTaken() throws Exception {
        TestOutlet outlet = TestOutlet.keepingNothing();
        ListeningSocket at = Sockets.stream("127.0.0.1");
        RelpListener relp = relp(outlet, at);
        RelpClient client = opened(at.port());
        for (int i = 0; i < WINDOW + 5; i++) {
            client.command("syslog", "<13>" + i);
        }
        outlet.await(WINDOW);
        Thread.sleep(100);
        assertThat(relp.drain(Duration.ofMillis(200))).isFalse();
        outlet.keepAll();
        assertThat(relp.drain(Duration.ofSeconds(10))).isTrue();
        int answered = 0;
        String frame = client.readFrame();
        while (frame.endsWith("rsp 200 OK")) {
            answered++;
            frame = client.readFrame();
        }
        assertThat(frame).isEqualTo("0 serverclose");
        assertThat(answered).isEqualTo(outlet.count()).isGreaterThanOrEqualTo(WINDOW);
    }
}
