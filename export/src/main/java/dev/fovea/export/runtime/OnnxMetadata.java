package dev.fovea.export.runtime;

import dev.fovea.data.Preprocess;
import dev.fovea.export.OnnxValue;
import dev.fovea.io.FormatException;
import dev.fovea.models.Architecture;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.TaskConfig;
import dev.fovea.run.TaskType;
import dev.fovea.task.Tasks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a file that was exported here says of itself. */
final class OnnxMetadata {

    /** The key under which {@code config.json} stands. */
    static final String CONFIG = "config";

    /** An output of numbers in the units of the data. */
    private static final String VALUES = "values";

    private OnnxMetadata() {}

    /** @throws IllegalArgumentException if it is damaged, or not what its graph takes */
    static Described described(Path file, OnnxHeader header) {
        ModelPackage.Config original =
                ModelPackage.parseConfig(file, header.metadata().get(CONFIG).getBytes(StandardCharsets.UTF_8));
        TaskType<?> type = Tasks.ALL.of(original.task().type());
        OnnxInput found = OnnxInput.of(file, header);
        var input = new OnnxInput(found.value(), found.bytes()); // exported bytes are as images are stored
        Preprocess shown = original.preprocess();
        input.size().filter(size -> !size.equals(shown.size())).ifPresent(size -> {
            throw new FormatException(
                    "%s: its graph takes images of %s, its config says %s".formatted(file, size, shown.size()));
        });
        var layout = new OnnxFunction.ImageLayout(input.channelsLast(), false);
        OnnxValue output = header.outputs().get(0);
        var config = inFile(file, original, type, input.bytes() ? OnnxInput.ofBytes(shown) : shown, output.name());
        return new Described(original, config, type, input.value(), layout, output, true);
    }

    /** As the file is used. */
    private static ModelPackage.Config inFile(
            Path file, ModelPackage.Config config, TaskType<?> type, Preprocess shown, String output) {
        return new ModelPackage.Config(
                config.format(),
                output.equals(VALUES) ? scaled(config.task(), config.classes().size()) : config.task(),
                new Architecture.InFile(String.valueOf(file.getFileName()), type.network()),
                config.classes(),
                shown,
                config.loss(),
                config.thresholds(),
                calibration(config.calibration()),
                config.metrics(),
                config.provenance());
    }

    /** The graph brings its numbers to the units of the data itself. */
    private static TaskConfig scaled(TaskConfig task, int numbers) {
        var settings = new LinkedHashMap<>(task.settings());
        settings.put("mean", Collections.nCopies(numbers, 0.0));
        settings.put("deviation", Collections.nCopies(numbers, 1.0));
        return new TaskConfig(task.type(), settings);
    }

    /** Beside the temperature, calibration needs what a package holds in another file. */
    private static Map<String, Double> calibration(Map<String, Double> values) {
        Double temperature = values.get(OnnxNets.TEMPERATURE);
        return temperature == null ? Map.of() : Map.of(OnnxNets.TEMPERATURE, temperature);
    }
}
