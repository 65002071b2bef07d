package dev.fovea.cli;

import dev.fovea.io.Nearest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code fovea help data audit}: what {@code fovea data audit --help} shows. */
@Command(
        name = "help",
        description = "Shows the usage of a command, as COMMAND --help does.",
        footer = {"", "Examples:", "  fovea help train", "  fovea help data audit"})
final class HelpCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "A command, and one of its own.")
    private List<String> names = List.of();

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "This help.")
    private boolean help;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine command = spec.commandLine().getParent();
        for (String name : names) {
            var own = command.getSubcommands();
            if (!own.containsKey(name)) {
                throw new IllegalArgumentException("%s: no command '%s'%s"
                        .formatted(command.getCommandSpec().qualifiedName(), name, Nearest.hint(name, own.keySet())));
            }
            command = own.get(name);
        }
        command.usage(spec.commandLine().getOut());
        return 0;
    }
}
