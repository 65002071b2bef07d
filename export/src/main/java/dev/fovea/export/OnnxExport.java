package dev.fovea.export;

import dev.fovea.data.Preprocess;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxValue.Dim;
import dev.fovea.models.Architecture;
import dev.fovea.models.DetectionNet;
import dev.fovea.models.SingleStageNet;
import dev.fovea.nn.Shape;
import dev.fovea.run.ProgressWatch;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TaskType;
import dev.fovea.run.TensorAnswer;
import dev.fovea.task.Tasks;
import dev.fovea.train.Pixels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a trained model as an ONNX file: the network as it is recorded while it runs, with weights, classes and
 * preprocessing.
 *
 * <pre>{@code Exported file = OnnxExport.load(Path.of("runs/flowers-1")).write(Path.of("flowers.onnx"));}</pre>
 *
 * @param saved the model, on the processor
 * @param opset version of ONNX's operators, {@link #OLDEST_OPSET} to {@link #NEWEST_OPSET}
 * @param half whether weights and operations are in float16
 * @param preprocessing whether the input is images as bytes, uint8 [N, H, W, C], already in the network's size
 * @param postprocessing whether the output is the answer of the model's task and not what its network gives: probabilities,
 *     values, the class of each pixel, objects
 */
public record OnnxExport(SavedNet saved, int opset, boolean half, boolean preprocessing, boolean postprocessing) {

    /** The oldest version of operators that is written. */
    public static final int OLDEST_OPSET = 13;

    /** The newest one. */
    public static final int NEWEST_OPSET = 23;

    /** What most runtimes know. */
    public static final int USUAL_OPSET = 17;

    /** @throws IllegalArgumentException if the opset is none that is written, or the model has no such form */
    public OnnxExport {
        if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
            throw new IllegalArgumentException(
                    "opset must be %s to %s, got %s".formatted(OLDEST_OPSET, NEWEST_OPSET, opset));
        }
        if (saved.config().architecture() instanceof Architecture.InFile file) {
            throw new IllegalArgumentException("%s is an ONNX file already. Copy it".formatted(file.text()));
        }
        if (saved.device().kind() != Device.Kind.CPU) {
            throw new IllegalArgumentException(
                    "a model is exported from the processor, this one is on %s. Load it there"
                            .formatted(saved.device()));
        }
    }

    /** As most take it: float32, normalised images in, what the network gives out. */
    public static OnnxExport of(SavedNet saved) {
        return new OnnxExport(saved, USUAL_OPSET, false, false, false);
    }

    /**
     * Of a model package, or the model of a run folder.
     *
     * @throws IllegalArgumentException if there is no model, or it is damaged
     */
    public static OnnxExport load(Path path) {
        return of(SavedNet.load(path, "cpu"));
    }

    /** For another version of operators. */
    public OnnxExport withOpset(int value) {
        return new OnnxExport(saved, value, half, preprocessing, postprocessing);
    }

    /** In float16: half the size; {@link Exported#difference} says what it costs. */
    public OnnxExport inHalf() {
        return new OnnxExport(saved, opset, true, preprocessing, postprocessing);
    }

    /** For images as bytes, uint8 [N, H, W, C]; what is done to them before is part of the graph. */
    public OnnxExport withPreprocessing() {
        return new OnnxExport(saved, opset, half, true, postprocessing);
    }

    /** With the answer of the task as output. */
    public OnnxExport withPostprocessing() {
        return new OnnxExport(saved, opset, half, preprocessing, true);
    }

    /**
     * Writes the file, once ONNX Runtime has given the network's own outputs for it.
     *
     * @throws NotExportableException if what the network computes has no form in ONNX, which names the layer, or the runtime
     *     gives something else
     * @throws java.io.UncheckedIOException if it cannot be written; nothing is left behind then
     */
    public Exported write(Path file) {
        return write(file, ProgressWatch.NONE);
    }

    /** The same, watched; what ends it leaves no file. */
    public Exported write(Path file, ProgressWatch watch) {
        watch.at(0, OnnxFile.STEPS);
        Preprocess shown = saved.preprocess();
        Shape image = shown.frames().length() > 1
                ? Shape.of(shown.channels(), shown.frames().length(), shown.height(), shown.width())
                : Shape.of(shown.channels(), shown.height(), shown.width());
        Signature signature =
                Signatures.of(saved.net(), image, saved.config().classes().size());
        if (preprocessing) {
            signature = prepared(signature, shown);
        }
        if (postprocessing && limits().isEmpty()) {
            signature = answering(signature);
        }
        if (limits().isPresent() && saved.net() instanceof SingleStageNet net && net.cutsFirst()) {
            signature = DetectionTail.cut(signature, shown.height(), shown.width());
        }
        return new OnnxFile(this, signature, watch).write(file);
    }

    /** The objects that are answered with, where boxes are to be made into objects. */
    Optional<DetectionNet.Limits> limits() {
        return postprocessing ? type().answered(saved) : Optional.empty();
    }

    /** Which objects a detector answers with that always chooses between boxes. */
    DetectionNet.Limits answered() {
        return type().answered(saved).orElseThrow();
    }

    private TaskType<?> type() {
        return Tasks.ALL.of(saved.config().task().type());
    }

    private Signature prepared(Signature signature, Preprocess shown) {
        Signature.Input images = signature.inputs().get(0);
        if (signature.inputs().size() > 1 || !images.dims().contains(Dim.of(shown.channels()))) {
            throw new IllegalArgumentException(
                    "preprocessing: what goes into this network is not an image alone. Export it without");
        }
        var dims = new ArrayList<>(images.dims());
        dims.remove(1);
        dims.add(Dim.of(shown.channels()));
        var pixels = new Pixels(shown, Device.CPU);
        return new Signature(
                List.of(new Signature.Input(images.name(), DType.UINT8, dims, 256)),
                signature.outputs(),
                in -> signature.pass().apply(List.of(pixels.images(in.get(0)))));
    }

    private Signature answering(Signature signature) {
        TensorAnswer answer = type().answer(saved)
                .orElseThrow(() -> new IllegalArgumentException(
                        "postprocessing: a model for %s answers with what its network gives. Export it without"
                                .formatted(type().word())));
        return new Signature(signature.inputs(), List.of(answer.name()), in -> {
            Tensor given = signature.pass().apply(in).get(0);
            return List.of(answer.of().apply(given));
        });
    }
}
