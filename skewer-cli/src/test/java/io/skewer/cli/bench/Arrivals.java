package io.skewer.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** What is at the destination. */
interface Arrivals extends AutoCloseable {
    /** A number that grows with what arrives, and costs next to nothing to ask for. */
    long progress() throws IOException, InterruptedException;

    /** Messages. */
    long count() throws IOException, InterruptedException;

    @Override
    void close();

    /** Lines of a file that grows. */
    record Lines(Path file) implements Arrivals {
        @Override
        public long progress() throws IOException {
            return Files.exists(file) ? Files.size(file) : 0;
        }

        @Override
        public long count() throws IOException {
            if (!Files.exists(file)) {
                return 0;
            }
            byte[] bytes = new byte[1 << 20];
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            long lines = 0;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                for (int count = channel.read(buffer.clear()); count > 0; count = channel.read(buffer.clear())) {
                    for (int i = 0; i < count; i++) {
                        lines += bytes[i] == '\n' ? 1 : 0;
                    }
                }
            }
            return lines;
        }

        @Override
        public void close() {
            // Nothing is held open between counts.
        }
    }

    /** Records of a topic. */
    record Records(Admin admin, List<TopicPartition> partitions) implements Arrivals {
        /** Makes the topic. */
        static Records ofNew(String broker, String topic, int partitions) throws IOException, InterruptedException {
            Admin admin = Admin.create(Map.of("bootstrap.servers", broker));
            try {
                admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                        .all()
                        .get();
            } catch (ExecutionException cause) {
                admin.close();
                throw new IOException(cause);
            }
            return new Records(
                    admin,
                    IntStream.range(0, partitions)
                            .mapToObj(partition -> new TopicPartition(topic, partition))
                            .toList());
        }

        @Override
        public long progress() throws IOException, InterruptedException {
            try {
                return admin
                        .listOffsets(
                                partitions.stream().collect(Collectors.toMap(one -> one, _ -> OffsetSpec.latest())))
                        .all()
                        .get()
                        .values()
                        .stream()
                        .mapToLong(end -> end.offset())
                        .sum();
            } catch (ExecutionException cause) {
                throw new IOException(cause);
            }
        }

        @Override
        public long count() throws IOException, InterruptedException {
            return progress();
        }

        @Override
        public void close() {
            admin.close();
        }
    }
}
