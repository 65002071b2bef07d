package dev.fovea.run;

import dev.fovea.io.RegularFile;
import dev.fovea.train.Listener;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The log of a run, {@code log.txt} in its folder.
 *
 * @param lines of it, each with its time
 */
public record RunLog(List<String> lines) {

    private static final Pattern PROGRESS = Pattern.compile("\\S+ {2}(epoch \\d+: |epochs \\d+ to ).*");

    public RunLog {
        lines = List.copyOf(lines);
    }

    /** That of a run; without lines where there is none. */
    public static RunLog read(Path run) {
        try {
            return new RunLog(RegularFile.text(new RunFolder(run).log()).lines().toList());
        } catch (IOException e) {
            return new RunLog(List.of());
        }
    }

    static String begun(Listener.Start start) {
        return "epochs %s to %s, %s steps each, %s images, %s on %s"
                .formatted(
                        start.firstEpoch(),
                        start.epochs(),
                        start.stepsPerEpoch(),
                        start.images(),
                        start.precision(),
                        start.device());
    }

    static String epoch(int number, Map<String, Double> row) {
        return "epoch %s: %s".formatted(number, row);
    }

    /** Without the lines that tell of its progress, as each epoch does. */
    public RunLog remarks() {
        return new RunLog(
                lines.stream().filter(line -> !PROGRESS.matcher(line).matches()).toList());
    }

    /** Its last lines. */
    public List<String> last(int most) {
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }
}
