package io.skewer.store.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Any bytes where an exported file is expected: whole batches and a count that is right, or a refusal. */
class ExportFuzzTest {
    @FuzzTest
    void anyBytesAreAWholeFileOrRefused(byte[] bytes) throws InterruptedException {
        long[] handedOn = {0};
        try {
            ExportFile.Contents contents = ExportFile.read(new ByteArrayInputStream(bytes), (batch, count) -> {
                assertThat(batch.length).isLessThan(bytes.length);
                handedOn[0]++;
            });
            assertThat(contents.batches()).isEqualTo(handedOn[0]);
        } catch (IOException refused) {
            assertThat(refused).hasMessageMatching("(?s).*(file|batch).*");
        }
    }
}
