package io.skewer.cli.command;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/** The answer of a command on standard output. */
final class Answer {
    private Answer() {}

    /** Prints the text, which ends with a line feed; fails when it did not arrive, on a full disk for example. */
    static int print(CommandSpec spec, String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
        if (out.checkError()) {
            spec.commandLine().getErr().println("skewer: the answer could not be written");
            return ExitCode.FAILURE;
        }
        return ExitCode.OK;
    }
}
