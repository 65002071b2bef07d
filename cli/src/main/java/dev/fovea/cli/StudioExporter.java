package dev.fovea.cli;

import dev.fovea.export.Exported;
import dev.fovea.export.OnnxExport;
import dev.fovea.export.PyTorchWeights;
import dev.fovea.export.Snippets;
import dev.fovea.export.quantize.Int8Export;
import dev.fovea.run.ProgressWatch;
import dev.fovea.run.SavedNet;
import dev.fovea.serve.studio.models.Exporter;
import dev.fovea.task.Tasks;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The studio's way to the formats of other programs. */
final class StudioExporter implements Exporter {

    private static final String ONNX = "onnx";
    private static final String SAFETENSORS = "safetensors";

    @Override
    public List<String> formats() {
        return List.of(ONNX, SAFETENSORS);
    }

    @Override
    public Map<String, Object> write(Wish wish, Path file, ProgressWatch watch) {
        SavedNet saved = SavedNet.load(wish.model(), "cpu");
        watch.at(0, 0);
        if (wish.format().equals(SAFETENSORS)) {
            return Map.of("tensors", PyTorchWeights.write(file, saved, layout(wish.layout())));
        }
        var export = new OnnxExport(
                saved,
                wish.opset() == 0 ? OnnxExport.USUAL_OPSET : wish.opset(),
                wish.half(),
                wish.preprocessing(),
                wish.postprocessing());
        if (wish.calibration().isPresent()) {
            Int8Export.Written written = Int8Options.write(
                    export,
                    Tasks.ALL.targetKind(wish.model()),
                    wish.calibration().get(),
                    file,
                    watch);
            return withPrograms(Int8Options.values(written, file), renamed(written.exact(), file), saved);
        }
        Exported exported = export.write(file, watch);
        return withPrograms(ExportCommand.values(exported), exported, saved);
    }

    private static PyTorchWeights.Layout layout(String word) {
        return Arrays.stream(PyTorchWeights.Layout.values())
                .filter(one ->
                        word.isEmpty() || one.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("layout: expected one of %s, got '%s'"
                        .formatted(
                                Arrays.stream(PyTorchWeights.Layout.values())
                                        .map(one -> one.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", ")),
                                word)));
    }

    private static Map<String, Object> withPrograms(Map<String, Object> values, Exported exported, SavedNet saved) {
        var all = new LinkedHashMap<>(values);
        all.put("fixedSize", exported.fixedSize());
        all.put("python", Snippets.python(exported, saved.preprocess()));
        all.put("java", Snippets.java(exported, saved.preprocess()));
        return all;
    }

    /** The file in eight bits has the inputs and outputs of the one in float32, which is gone. */
    private static Exported renamed(Exported exact, Path file) {
        return new Exported(
                file,
                exact.opset(),
                exact.inputs(),
                exact.outputs(),
                exact.fixedSize(),
                exact.difference(),
                exact.bytes());
    }
}
