package dev.fovea.export.runtime;

import dev.fovea.data.Preprocess;
import dev.fovea.export.OnnxValue;
import dev.fovea.image.Size;
import dev.fovea.io.Escaped;
import dev.fovea.io.FormatException;
import dev.fovea.models.Architecture;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Provenance;
import dev.fovea.models.TaskConfig;
import dev.fovea.nn.Loss;
import dev.fovea.run.TaskType;
import dev.fovea.task.Tasks;
import dev.fovea.train.RecipeFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a file of somebody else is, as {@code NAME.yaml} beside {@code NAME.onnx} says; what that leaves out is read from the graph's
 * input and output.
 */
final class BesideFile {

    /** Classes that are named by their numbers. */
    private static final long MOST_CLASSES = 1_000_000;

    private static final String EXAMPLE = "{task: classification, classes: [cat, dog], normalize: imagenet}";

    private BesideFile() {}

    /** @throws FormatException if it is missing, or does not fit the graph */
    static Described described(Path model, OnnxHeader header) {
        OnnxInput input = OnnxInput.of(model, header);
        Path file = beside(model);
        if (!Files.isRegularFile(file)) {
            throw new FormatException(
                    "%s: does not say what it is for, as files do that were exported here. Write %s beside it, such as %s"
                            .formatted(model, file.getFileName(), EXAMPLE));
        }
        BesideKeys keys = BesideKeys.read(file);
        TaskType<?> type = Tasks.ALL.of(keys.task().type());
        OnnxValue output = output(file, header, keys);
        boolean last = keys.channelsLast().orElse(input.channelsLast());
        var laid = new OnnxInput(input.value(), last);
        List<String> classes = classes(keys, model, output, last, type);
        Preprocess shown = preprocess(file, keys, laid);
        var config = new ModelPackage.Config(
                settings(keys.task(), type, classes.size()),
                new Architecture.InFile(String.valueOf(model.getFileName()), type.network()),
                classes,
                shown,
                Loss.crossEntropy(),
                Provenance.ofWeights(String.valueOf(model.getFileName())));
        var layout = new OnnxFunction.ImageLayout(last, keys.blueFirst());
        return new Described(config, config, type, input.value(), layout, output, false, keys.firstLabel());
    }

    private static Path beside(Path model) {
        String name = String.valueOf(model.getFileName());
        return model.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".yaml");
    }

    private static OnnxValue output(Path file, OnnxHeader header, BesideKeys keys) {
        String name = keys.output();
        return name.isEmpty()
                ? header.outputs().get(0)
                : header.output(name)
                        .orElseThrow(() -> new FormatException("%s: output: there is no '%s', there are %s"
                                .formatted(
                                        file,
                                        Escaped.of(name),
                                        Escaped.of(header.outputs().stream()
                                                .map(OnnxValue::name)
                                                .toList()))));
    }

    /** Those that are given, else the numbers of the outputs, where classes are counted by them. */
    private static List<String> classes(
            BesideKeys keys, Path model, OnnxValue output, boolean channelsLast, TaskType<?> type) {
        List<String> given = keys.classes(model);
        if (!given.isEmpty()
                || output.dims().size() < 2
                || !type.usesLabels() && output.dims().size() != 4) {
            return given;
        }
        int place =
                output.dims().size() == 4 && !channelsLast ? 1 : output.dims().size() - 1;
        OnnxValue.Dim dim = output.dims().get(place);
        if (dim.size() > MOST_CLASSES) {
            throw new FormatException("%s: its output '%s' has %s values, expected one for each of at most %s classes"
                    .formatted(model, Escaped.of(output.name()), dim.size(), MOST_CLASSES));
        }
        return dim.fixed()
                ? IntStream.range(0, (int) dim.size())
                        .mapToObj(Integer::toString)
                        .toList()
                : given;
    }

    /** Numbers of a network that was trained elsewhere are in units of their own: nothing is added or multiplied. */
    private static TaskConfig settings(TaskConfig given, TaskType<?> type, int numbers) {
        Map<String, Object> usual = RecipeFile.values(type.defaults().get(0));
        var settings = new LinkedHashMap<>(given.settings());
        if (usual.containsKey("mean") && usual.containsKey("deviation")) {
            settings.putIfAbsent("mean", Collections.nCopies(numbers, 0.0));
            settings.putIfAbsent("deviation", Collections.nCopies(numbers, 1.0));
        }
        return new TaskConfig(given.type(), settings);
    }

    private static Preprocess preprocess(Path file, BesideKeys keys, OnnxInput input) {
        int channels = input.channels().orElse(3);
        Size size = input.size()
                .or(keys::size)
                .orElseThrow(() -> new FormatException(
                        "%s: the graph takes images of any size. Add the height and width to show it, such as size: 224x224"
                                .formatted(file)));
        if (keys.size().filter(given -> !given.equals(size)).isPresent()) {
            throw new FormatException("%s: size: the graph takes images of %s, got %s"
                    .formatted(file, size, keys.size().orElseThrow()));
        }
        if (channels != 1 && channels != 3) {
            throw new FormatException(
                    "%s: the graph takes images of %s channels, expected 1 or 3".formatted(file, channels));
        }
        try {
            return keys.preprocess(Preprocess.of(size.height(), size.width(), channels), input.bytes());
        } catch (IllegalArgumentException e) {
            throw new FormatException("%s: %s".formatted(file, e.getMessage()));
        }
    }
}
