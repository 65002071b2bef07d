package dev.fovea.cli;

import dev.fovea.data.Preprocess;
import dev.fovea.export.Exported;
import dev.fovea.export.OnnxExport;
import dev.fovea.export.OnnxValue;
import dev.fovea.export.PyTorchWeights;
import dev.fovea.export.Snippets;
import dev.fovea.export.quantize.Int8Export;
import dev.fovea.run.SavedNet;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea export}: trained models for other programs. */
@Command(
        name = "export",
        description = "Writes a trained model as a file that other programs use: ONNX, or weights for PyTorch.",
        footer = {
            "",
            "Examples:",
            "  fovea export runs/flowers-1 -o flowers.onnx",
            "  fovea export runs/flowers-1 --with-preprocessing --with-postprocessing -o flowers.onnx",
            "  fovea export runs/cells-1 --with-postprocessing --half -o cells.onnx",
            "  fovea export runs/flowers-1 --int8 --calibrate flowers -o flowers-int8.onnx",
            "  fovea export resnet50 --weights imagenet -o resnet50.onnx",
            "  fovea export runs/flowers-1 --format safetensors --layout transformers -o flowers.safetensors"
        })
final class ExportCommand implements Callable<Integer> {

    private static final String ONNX = "onnx";
    private static final String SAFETENSORS = "safetensors";
    private static final List<String> FOREIGN = List.of("." + ONNX, "." + SAFETENSORS, ".pt", ".pth", ".ckpt", ".h5");
    private static final double MEGA = 1e6;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A run folder or a model package; with --weights a name from `fovea models`.")
    private Path model;

    @Option(
            names = "--format",
            defaultValue = ONNX,
            paramLabel = ONNX + "|" + SAFETENSORS,
            description = "onnx for the whole model (the default), safetensors for weights that PyTorch loads.")
    private String format;

    @Option(
            names = "--layout",
            paramLabel = "own|timm|transformers",
            description =
                    "Whose names the weights of safetensors have (default: own, which are torchvision's, of timm's "
                            + "networks timm's).")
    private PyTorchWeights.Layout layout;

    @Option(
            names = "--opset",
            defaultValue = "" + OnnxExport.USUAL_OPSET,
            paramLabel = "N",
            description = "Version of ONNX's operators, " + OnnxExport.OLDEST_OPSET + " to " + OnnxExport.NEWEST_OPSET
                    + " (default: ${DEFAULT-VALUE}).")
    private int opset;

    @Option(names = "--half", description = "Weights and operations in float16; inputs and outputs stay float32.")
    private boolean half;

    @Option(
            names = "--with-preprocessing",
            description =
                    "Images go in as bytes, uint8 [N, H, W, C], in the network's size; the graph normalises them itself.")
    private boolean preprocessing;

    @Option(
            names = "--with-postprocessing",
            description =
                    "The task's answer comes out: probabilities, values, the class of each pixel, objects without "
                            + "duplicates.")
    private boolean postprocessing;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The file that is written (default: the model's name in this folder).")
    private Path out;

    @Mixin
    private Int8Options int8;

    @Mixin
    private ModelChoice choice;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        if (!format.equals(ONNX) && !format.equals(SAFETENSORS)) {
            throw new IllegalArgumentException(
                    "--format: expected %s or %s, got '%s'".formatted(ONNX, SAFETENSORS, format));
        }
        checkEnding();
        if (format.equals(SAFETENSORS)) {
            return weights();
        }
        if (layout != null) {
            throw new IllegalArgumentException("--layout: is for --format safetensors. Leave one of them out");
        }
        boolean inEightBits = int8.given();
        SavedNet saved = choice.load(model, "cpu", output).net();
        var export = new OnnxExport(saved, opset, half, preprocessing, postprocessing);
        Path file = out == null ? usual() : out;
        if (inEightBits) {
            Int8Export.Written written = int8.write(export, choice.targetKind(model), file);
            output.print(Int8Options.values(written, file), Int8Options.text(written, file));
            return 0;
        }
        Exported exported = export.write(file);
        output.print(values(exported), text(exported, saved.preprocess()));
        return 0;
    }

    /** Of a name that says another format than the one that is written. */
    private void checkEnding() {
        String name = out == null ? "" : out.toString().toLowerCase(Locale.ROOT);
        if (FOREIGN.stream().anyMatch(name::endsWith) && !name.endsWith("." + format)) {
            throw new IllegalArgumentException(
                    "--output: %s is written here as %s. Name a file that ends with .%s, or choose another --format"
                            .formatted(out, format, format));
        }
    }

    private int weights() {
        if (half || preprocessing || postprocessing || int8.given()) {
            throw new IllegalArgumentException(
                    "--half, --int8, --with-preprocessing and --with-postprocessing are for --format onnx. Leave them out");
        }
        Path file = out == null ? usual() : out;
        SavedNet saved = choice.load(model, "cpu", output).net();
        int count = PyTorchWeights.write(file, saved, layout == null ? PyTorchWeights.Layout.OWN : layout);
        output.print(
                Map.of("output", file.toString(), "format", SAFETENSORS, "tensors", count),
                "%s: %s tensors".formatted(file, count));
        return 0;
    }

    private Path usual() {
        return Path.of(model.toAbsolutePath().normalize().getFileName() + "." + format);
    }

    static Map<String, Object> values(Exported exported) {
        var values = new LinkedHashMap<String, Object>();
        values.put("output", exported.file().toString());
        values.put("format", ONNX);
        values.put("opset", exported.opset());
        values.put("bytes", exported.bytes());
        values.put("difference", exported.difference());
        values.put("anySize", exported.fixedSize().isEmpty());
        values.put("inputs", tensors(exported.inputs()));
        values.put("outputs", tensors(exported.outputs()));
        return values;
    }

    private static List<Map<String, Object>> tensors(List<OnnxValue> tensors) {
        return tensors.stream()
                .map(tensor -> Map.<String, Object>of(
                        "name",
                        tensor.name(),
                        "type",
                        tensor.type().name().toLowerCase(Locale.ROOT),
                        "shape",
                        tensor.dims().stream().map(OnnxValue.Dim::toString).toList()))
                .toList();
    }

    private static String text(Exported exported, Preprocess shown) {
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: opset %d, %.1f MB; ONNX Runtime's outputs differ from the network's by %.1g of the largest%n",
                exported.file(),
                exported.opset(),
                exported.bytes() / MEGA,
                exported.difference()));
        exported.inputs().forEach(input -> text.append(line("in ", input)));
        exported.outputs().forEach(value -> text.append(line("out", value)));
        if (!exported.fixedSize().isEmpty()) {
            text.append("  images of this size alone: ")
                    .append(exported.fixedSize())
                    .append('\n');
        }
        return text.append("\nIn Python:\n\n")
                .append(Snippets.python(exported, shown).indent(2))
                .append("\nIn Java:\n\n")
                .append(Snippets.java(exported, shown).indent(2).stripTrailing())
                .toString();
    }

    private static String line(String what, OnnxValue value) {
        return "  %s  %s  %s%n".formatted(what, value.name(), value.description());
    }
}
