package dev.fovea.export.quantize;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.export.Exported;
import dev.fovea.export.OnnxExport;
import dev.fovea.export.OnnxWriter;
import dev.fovea.export.runtime.OnnxFormat;
import dev.fovea.export.runtime.OnnxReader;
import dev.fovea.io.AtomicFile;
import dev.fovea.run.NotEvaluableException;
import dev.fovea.run.ProgressWatch;
import dev.fovea.run.Subset;
import dev.fovea.run.TaskType;
import dev.fovea.run.TemporaryFolder;
import dev.fovea.run.WatchedImages;
import dev.fovea.task.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes a trained model as an ONNX file in eight bits, and measures what that costs: {@code new Int8Export(OnnxExport.load(run),
 * data).write(file)}.
 *
 * @param export in float32
 * @param data ranges are measured on images of its training part; metrics on its test part, else its validation part, else on images
 *     that were kept apart
 */
public record Int8Export(OnnxExport export, Splits data) {

    private static final int CALIBRATION = 256;
    private static final int EVALUATION = 2000;
    private static final double HALF = 0.5;

    /**
     * A written file.
     *
     * @param exact what the file is in float32
     * @param result how it was brought to eight bits
     * @param calibration images that ranges were measured on
     * @param evaluation images that metrics were measured on
     * @param before metrics in float32; none of data that says nothing to compare answers with
     * @param after metrics in eight bits
     * @param unmeasured why there are no metrics, empty where there are
     * @param bytes of the file
     */
    public record Written(
            Exported exact,
            Quantization.Result result,
            int calibration,
            int evaluation,
            Map<String, Double> before,
            Map<String, Double> after,
            String unmeasured,
            long bytes) {

        public Written {
            before = Collections.unmodifiableMap(new LinkedHashMap<>(before));
            after = Collections.unmodifiableMap(new LinkedHashMap<>(after));
        }
    }

    /** @throws IllegalArgumentException if the export is in half precision, or its files are not used as models */
    public Int8Export {
        TaskType<?> type = Tasks.ALL.of(export.saved().config().task().type());
        if (!OnnxFormat.isModelOf(type)) {
            throw new IllegalArgumentException(
                    "int8: ONNX files are not used as models for %s, so what eight bits cost cannot be measured. Export it in float32"
                            .formatted(type.word()));
        }
        if (export.half()) {
            throw new IllegalArgumentException("int8: is made of a model in float32, got float16. Choose one of both");
        }
    }

    /**
     * Writes the file; an older one stays until the new one is complete.
     *
     * @throws IllegalArgumentException if there is nothing to compute in eight bits, or no image
     * @throws UncheckedIOException if it cannot be written
     */
    public Written write(Path file) {
        return write(file, ProgressWatch.NONE);
    }

    /** The same, watched; what ends it leaves no file. */
    public Written write(Path file, ProgressWatch watch) {
        AtomicFile.refuseFolder(file);
        boolean parts = data.test().size() + data.validation().size() > 0;
        Splits apart = parts || data.train().size() < 2 ? data : data.withValidationFrom(HALF, 0);
        Dataset images = apart.train().size() > 0 ? apart.train() : Subset.only(apart);
        Dataset some = Subset.evenly(images, CALIBRATION);
        Dataset others = Subset.evenly(Subset.only(apart), EVALUATION);
        int reads = Quantization.PASSES * some.size() + 2 * others.size();
        var calibration = new WatchedImages(some, watch, new AtomicInteger(), reads);
        Dataset evaluation = calibration.with(others);
        try (var folder = TemporaryFolder.create()) {
            Path exact = folder.path().resolve("float32.onnx");
            Exported exported = export.write(exact);
            Quantization.Result result = Quantization.of(OnnxReader.read(exact), calibration);
            Path rounded = folder.path().resolve("int8.onnx");
            OnnxWriter.write(rounded, result.model());
            Map<String, Double> before = Map.of();
            Map<String, Double> after = Map.of();
            String unmeasured = "";
            try {
                before = metrics(exact, evaluation);
                after = metrics(rounded, evaluation);
            } catch (DataException | NotEvaluableException e) { // images alone are enough for ranges
                unmeasured = e.getMessage();
            }
            watch.at(reads, reads);
            OnnxWriter.write(file, result.model());
            return new Written(
                    exported,
                    result,
                    calibration.size(),
                    evaluation.size(),
                    before,
                    after,
                    unmeasured,
                    Files.size(file));
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
        }
    }

    private static Map<String, Double> metrics(Path file, Dataset data) {
        return Tasks.ALL.load(file, "cpu").evaluate(data).metrics();
    }
}
