package io.skewer.cli.role;

import io.skewer.cli.log.LogLevel;
import io.skewer.core.config.ConfigBytes;
import io.skewer.core.config.InvalidConfig;
import io.skewer.core.config.SkewerConfig;
import io.skewer.ipc.link.PayloadReader;
import io.skewer.ipc.link.PayloadWriter;
import io.skewer.ipc.link.ProtocolViolation;
import java.util.Arrays;

/**
 * What a child is told before anything else ({@link io.skewer.ipc.link.FrameType#SETTINGS}).
 *
 * @param config the configuration, reduced to what the role needs: other roles' sections hold defaults, and the secret of the
 *     store is there for the store alone
 * @param storeDirectory for the store; empty for all others
 * @param printToStdout the messages are the answer of the command ({@code serve --test})
 * @param logLevel messages below are not sent to the supervisor
 * @param sealed the process installs the filter of its role before it says that it is ready
 */
public record Settings(
        SkewerConfig config, String storeDirectory, boolean printToStdout, LogLevel logLevel, boolean sealed) {
    private static final int MAX_CONFIG_BYTES = 1024 * 1024;
    /** PATH_MAX of Linux. */
    private static final int MAX_PATH_BYTES = 4096;

    private static final int MAX_LEVEL_BYTES = 16;

    /** Whoever sends it wipes it: the secret of the store may be in it. */
    public PayloadWriter write() {
        byte[] bytes = ConfigBytes.encode(config);
        PayloadWriter out;
        try {
            out = new PayloadWriter().bytes(bytes, MAX_CONFIG_BYTES);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        return out.text(storeDirectory, MAX_PATH_BYTES)
                .u8(printToStdout ? 1 : 0)
                .text(logLevel.word(), MAX_LEVEL_BYTES)
                .u8(sealed ? 1 : 0);
    }

    /** @throws ProtocolViolation when the bytes are no settings */
    static Settings read(PayloadReader in) throws ProtocolViolation {
        byte[] bytes = in.bytes(MAX_CONFIG_BYTES);
        SkewerConfig config;
        try {
            config = ConfigBytes.decode(SkewerConfig.class, bytes);
        } catch (InvalidConfig cause) {
            throw new ProtocolViolation("settings: " + cause.getMessage());
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        Settings settings = new Settings(
                config, in.text(MAX_PATH_BYTES), in.u8() == 1, level(in.text(MAX_LEVEL_BYTES)), in.u8() == 1);
        in.end();
        return settings;
    }

    private static LogLevel level(String word) throws ProtocolViolation {
        return LogLevel.of(word).orElseThrow(() -> new ProtocolViolation("log level " + word));
    }
}
