package io.skewer.cli.command;

import java.util.Map;
import java.util.TreeMap;

/** What the exit codes of all commands mean. */
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILURE = 1;
    /** As shells and picocli have it. */
    public static final int USAGE = 2;
    /** EX_CONFIG of {@code sysexits.h}. */
    public static final int CONFIGURATION = 78;

    private ExitCode() {}

    static Map<String, String> meanings() {
        Map<String, String> meanings = new TreeMap<>();
        meanings.put(" " + OK, "done");
        meanings.put(" " + FAILURE, "failed");
        meanings.put(" " + USAGE, "the command line was not understood");
        meanings.put(String.valueOf(CONFIGURATION), "the configuration is wrong");
        return meanings;
    }
}
