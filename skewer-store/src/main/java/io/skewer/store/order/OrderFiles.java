package io.skewer.store.order;

import io.skewer.store.disk.Disk;
import io.skewer.store.disk.DiskFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The two files of an order, in the directory of the store, which only its owner may enter: {@code order}, whose first line is a number
 * that the command chose, and {@code answer}, which begins with the same number. One order at a time.
 */
public final class OrderFiles {
    private static final String ORDER = "order";
    private static final String ORDER_NEW = "order.new";
    private static final String ANSWER = "answer";
    private static final String ANSWER_NEW = "answer.new";
    private static final String DONE = "done ";
    private static final String REFUSED = "refused ";
    private static final long LOOK_MS = 20;

    private final Disk disk;

    public OrderFiles(Disk disk) {
        this.disk = disk;
    }

    /** Carries out orders. */
    @FunctionalInterface
    public interface Executor {
        /**
         * @return what was done, one line
         * @throws IOException what stood in the way, in words for the operator
         */
        String execute(Order order) throws IOException, InterruptedException;
    }

    /** The store's side: carries out the order that is there, if there is one. Cheap when there is none. */
    public void carryOut(Executor executor) throws IOException, InterruptedException {
        if (!disk.exists(ORDER)) {
            return;
        }
        Optional<String> text = read(ORDER);
        disk.delete(ORDER);
        if (text.isEmpty() || text.get().indexOf('\n') < 0) {
            return;
        }
        String number = text.get().substring(0, text.get().indexOf('\n'));
        String answer;
        try {
            answer = DONE + executor.execute(Order.parse(text.get().substring(number.length() + 1)));
        } catch (IOException | IllegalArgumentException cause) {
            answer = REFUSED + cause.getMessage();
        }
        write(ANSWER_NEW, number + "\n" + answer + "\n");
        disk.rename(ANSWER_NEW, ANSWER);
    }

    /**
     * The command's side: leaves an order and waits for the answer.
     *
     * @return what was done
     * @throws IOException when the store refused, or did not answer in time
     */
    public String send(long number, Order order, long patienceMs) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
        write(ORDER_NEW, number + "\n" + order.toText());
        disk.rename(ORDER_NEW, ORDER);
        while (System.nanoTime() < endNs) {
            Optional<String> answer = disk.exists(ANSWER) ? read(ANSWER) : Optional.empty();
            if (answer.isPresent() && answer.get().startsWith(number + "\n")) {
                disk.delete(ANSWER);
                return outcome(answer.get().substring((number + "\n").length()).strip());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
        disk.delete(ORDER);
        throw new IOException("the running store did not answer within " + patienceMs / 1000
                + " s; its log says why (store.orders_unheard, store.order_failed)");
    }

    private static String outcome(String answer) throws IOException {
        if (answer.startsWith(DONE)) {
            return answer.substring(DONE.length());
        }
        throw new IOException(answer.startsWith(REFUSED) ? answer.substring(REFUSED.length()) : "unexpected answer");
    }

    private Optional<String> read(String name) throws IOException {
        try (DiskFile file = disk.openToRead(name)) {
            if (file.size() > Order.TEXT_BYTES_MAX) {
                return Optional.empty();
            }
            byte[] bytes = new byte[(int) file.size()];
            int count = file.read(bytes, 0, bytes.length, 0);
            return Optional.of(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
    }

    private void write(String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Order.TEXT_BYTES_MAX) {
            throw new IOException("an order of " + bytes.length + " bytes");
        }
        disk.delete(name);
        try (DiskFile file = disk.create(name)) {
            file.write(bytes, 0, bytes.length, 0);
        }
    }
}
