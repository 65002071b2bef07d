package dev.fovea.task.recorded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes the packages that {@link RecordedPackagesTest} reads, by hand and once for each format: what a release has
 * written is never written again. Run in the folder {@code core}.
 */
final class RecordPackages {

    private RecordPackages() {}

    public static void main(String[] arguments) throws IOException {
        for (RecordedPackage recorded : RecordedPackage.values()) {
            Path folder = recorded.folder();
            if (arguments.length > 0 && !Arrays.asList(arguments).contains(recorded.name())) {
                continue;
            }
            Files.createDirectories(folder);
            recorded.train(folder);
            recorded.writeInput(folder);
            Files.write(
                    RecordedPackage.answersFile(folder),
                    recorded.answers(folder).stream().map(RecordPackages::row).toList());
        }
    }

    private static String row(double[] values) {
        return Arrays.stream(values)
                .mapToObj(value -> String.format(Locale.ROOT, "%.5f", value))
                .collect(Collectors.joining(","));
    }
}
