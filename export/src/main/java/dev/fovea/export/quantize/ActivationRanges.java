package dev.fovea.export.quantize;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Batch;
import dev.fovea.data.Dataset;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxGraph;
import dev.fovea.export.OnnxModel;
import dev.fovea.export.OnnxNode;
import dev.fovea.export.OnnxTensor;
import dev.fovea.export.OnnxType;
import dev.fovea.export.OnnxValue;
import dev.fovea.export.OnnxWriter;
import dev.fovea.export.runtime.OnnxFunction;
import dev.fovea.models.ModelPackage;
import dev.fovea.run.TemporaryFolder;
import dev.fovea.train.Pixels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Which numbers the values of a model take on images. */
final class ActivationRanges {

    private static final int AT_ONCE = 4;
    private static final String FLAT = "/flat";

    private final Dataset images;

    ActivationRanges(Dataset images) {
        this.images = images;
    }

    /** A histogram for each of {@code values}, all of them float32. */
    Map<String, Histogram> of(OnnxModel model, List<String> values) {
        var histograms = new LinkedHashMap<String, Histogram>();
        values.forEach(value -> histograms.put(value, new Histogram()));
        try (var folder = TemporaryFolder.create()) {
            Path file = folder.path().resolve("watched.onnx");
            OnnxWriter.write(file, watched(model, values));
            each(file, made -> histograms.forEach((value, histogram) -> histogram.widen(flat(made, value))));
            each(file, made -> histograms.forEach((value, histogram) -> histogram.count(flat(made, value))));
        }
        return histograms;
    }

    private static float[] flat(Map<String, Tensor> made, String value) {
        return made.get(value + FLAT).toFloats();
    }

    /** Has a model compute all images, a few at once. */
    void each(Path file, Consumer<Map<String, Tensor>> use) {
        Preprocess shown = ModelPackage.readConfig(file).preprocess();
        OnnxFunction function = OnnxFunction.of(file);
        var pixels = new Pixels(shown, Device.CPU);
        try (var loader = new Loader(images, shown, Augmentation.NONE, Loader.Options.sequential(AT_ONCE));
                var noGrad = new NoGrad()) {
            for (Iterator<Batch> batches = loader.epoch(0, 0); batches.hasNext(); ) {
                try (var scope = new Scope()) {
                    use.accept(function.apply(pixels.images(batches.next())));
                }
            }
        }
    }

    /** The model with more outputs: the numbers of each value in a row. */
    private static OnnxModel watched(OnnxModel model, List<String> values) {
        OnnxGraph graph = model.graph();
        var nodes = new ArrayList<>(graph.nodes());
        var outputs = new ArrayList<>(graph.outputs());
        var constants = new ArrayList<>(graph.initializers());
        String all = "watched/all";
        constants.add(OnnxTensor.of(all, List.of(1L), -1L));
        for (String value : values) {
            nodes.add(new OnnxNode(value + FLAT, "Reshape", "", List.of(value, all), List.of(value + FLAT), Map.of()));
            outputs.add(new OnnxValue(value + FLAT, OnnxType.FLOAT32, List.of(OnnxValue.Dim.any(""))));
        }
        return new OnnxModel(
                model.irVersion(),
                model.producer(),
                model.producerVersion(),
                model.opsets(),
                new OnnxGraph(graph.name(), nodes, constants, graph.inputs(), outputs),
                new HashMap<>(model.metadata()));
    }
}
