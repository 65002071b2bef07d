package dev.fovea.cli;

import dev.fovea.task.Doctor;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code fovea doctor}: what this machine offers. */
@Command(
        name = "doctor",
        description =
                "Shows Java, engine, processor features, threads, precision and devices, and checks the speed for a second.",
        footer = {"", "Examples:", "  fovea doctor", "  fovea doctor --json"})
final class DoctorCommand implements Callable<Integer> {

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        var facts = Doctor.examine();
        var text = new StringBuilder();
        facts.forEach((name, value) ->
                text.append(name.equals("verdict") ? "%n%s%n".formatted(value) : "%-16s %s%n".formatted(name, value)));
        output.print(facts, text.toString());
        return 0;
    }
}
