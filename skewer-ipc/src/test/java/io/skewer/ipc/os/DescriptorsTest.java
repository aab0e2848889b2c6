package io.skewer.ipc.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
    @Test
    void theCommandNameIsWhatTheSystemShows() throws IOException {
        Path comm = Path.of("/proc/self/comm");
        String before = Files.readString(comm).strip();
        try {
            Descriptors.setCommandName("skewer-forward-kafka");
            assertThat(Files.readString(comm).strip()).isEqualTo("skewer-forward-");
        } finally {
            Descriptors.setCommandName(before);
        }
    }

    @Test
    void closingANumberThatIsNotOpenTellsTheSystemsReason() {
        assertThatThrownBy(() -> Descriptors.close(99_999))
                .isInstanceOf(IOException.class)
                .hasMessage("close: Bad file descriptor");
    }

    @Test
    void aMissingPropertyIsNamed() {
        String before = System.clearProperty(NativeLibrary.DIRECTORY_PROPERTY);
        try {
            assertThatThrownBy(() -> NativeLibrary.part("x")).hasMessageContaining("skewer.native");
        } finally {
            System.setProperty(NativeLibrary.DIRECTORY_PROPERTY, before);
        }
    }
}
