package io.skewer.cli.command;

import io.skewer.cli.log.LogLevel;
import io.skewer.core.config.InvalidConfig;
import io.skewer.core.fault.FaultText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * {@code skewer}: finds the command and runs it.
 *
 * <p>A command that is named first is the only one that is looked at: picocli reads the annotations of each command that it knows,
 * and {@code serve} starts under a stopwatch.
 */
@Command(
        name = "skewer",
        description = "A syslog gateway that proves that nothing was lost.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "The configuration is explained in docs/configuration.md; 'skewer help COMMAND' explains a command."
        })
public final class Skewer implements Callable<Integer> {
    private final Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-V", "--version"},
            description = "Print the version.")
    private boolean version;

    /** @param daemon what {@code serve} runs */
    public Skewer(Daemon daemon) {
        verbs.put("serve", () -> new Serve(daemon));
        verbs.put("status", Status::new);
        verbs.put("quickstart", QuickstartCommand::new);
        verbs.put("loadgen", LoadgenCommand::new);
        verbs.put("default-config", DefaultConfig::new);
        verbs.put("print-config", PrintConfig::new);
        verbs.put("check-config", CheckConfig::new);
        verbs.put("make-secret", MakeSecret::new);
        verbs.put("print-store", PrintStore::new);
        verbs.put("store", StoreCommand::new);
        verbs.put("dead-letters", DeadLettersCommand::new);
        verbs.put("version", Version::new);
        // No method references: picocli has class files that no class cache can hold, and JDK 25 cannot write one that
        // refers to them.
        verbs.put("help", () -> new HelpCommand());
        verbs.put("generate-completion", () -> new AutoComplete.GenerateCompletion());
    }

    /** Runs the command line with standard output and standard error, and returns its {@link ExitCode}. */
    public int runOnTerminal(String... args) {
        PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = run(out, err, args);
        out.flush();
        return code;
    }

    /** Runs the command line and returns its {@link ExitCode}. */
    public int run(PrintWriter out, PrintWriter err, String... args) {
        return commandLine(args.length == 0 ? "" : args[0])
                .setOut(out)
                .setErr(err)
                .execute(args);
    }

    private CommandLine commandLine(String first) {
        CommandLine root = new CommandLine(this);
        boolean one = verbs.containsKey(first) && !first.equals("help") && !first.equals("generate-completion");
        verbs.forEach((name, command) -> {
            if (!one || name.equals(first)) {
                root.addSubcommand(name, command.get());
            }
        });
        describe(root);
        root.registerConverter(
                LogLevel.class,
                word -> LogLevel.of(word)
                        .orElseThrow(() -> new TypeConversionException(
                                "'" + word + "' is not one of debug, info, warn, error, crit")));
        root.setParameterExceptionHandler(Skewer::refuse);
        root.setExecutionExceptionHandler((failure, command, parsed) -> fail(failure, command));
        return root;
    }

    private static void describe(CommandLine command) {
        command.getSubcommands().values().forEach(Skewer::describe);
        CommandSpec spec = command.getCommandSpec();
        spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(ExitCode.meanings());
        spec.usageMessage().width(100);
        if (!spec.optionsMap().containsKey("--help") && !(spec.userObject() instanceof HelpCommand)) {
            spec.mixinStandardHelpOptions(false);
            spec.addOption(CommandLine.Model.OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Print this help.")
                    .build());
        }
    }

    private static int refuse(ParameterException mistake, String[] args) {
        CommandLine command = mistake.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("skewer: " + mistake.getMessage());
        boolean suggested = UnmatchedArgumentException.printSuggestions(mistake, err);
        if (!suggested) {
            err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitCode.USAGE;
    }

    private static int fail(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        if (failure instanceof InvalidConfig invalid) {
            invalid.problems().forEach(err::println);
            return ExitCode.CONFIGURATION;
        }
        if (failure instanceof RuntimeException) { // our own mistake: whoever mends it needs to know where
            failure.printStackTrace(err);
        } else {
            err.println("skewer: " + (failure instanceof IOException fault ? FaultText.of(fault) : failure.toString()));
        }
        return ExitCode.FAILURE;
    }

    /** Without a command. */
    @Override
    public Integer call() throws Exception {
        if (version) {
            return Answer.print(spec, "skewer " + Version.number() + "\n");
        }
        return Answer.print(spec, spec.commandLine().getUsageMessage());
    }
}
