package io.skewer.cli;

import io.skewer.cli.command.Skewer;
import io.skewer.cli.supervise.SupervisedDaemon;

/** Where the program begins, and the one place that knows both the commands and the supervisor. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(new Skewer(new SupervisedDaemon()).runOnTerminal(args));
    }
}
