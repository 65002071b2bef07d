package dev.fovea.export;

import dev.fovea.data.Preprocess;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.io.AtomicFile;
import dev.fovea.models.TwoStageNet;
import dev.fovea.run.ProgressWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** One export: recorded, written beside its place, compared in ONNX Runtime, then moved there. */
final class OnnxFile {

    /** Of float32. */
    private static final double MOST = 1e-4;

    /** Of float16; beyond it other answers are given. */
    private static final double MOST_IN_HALF = 0.05;

    /** Recorded, written, compared. */
    static final int STEPS = 3;

    private final OnnxExport export;
    private final Signature signature;
    private final Preprocess shown;
    private final Passes passes;
    private final ProgressWatch watch;

    OnnxFile(OnnxExport export, Signature signature, ProgressWatch watch) {
        this.watch = watch;
        this.export = export;
        this.signature = signature;
        shown = export.saved().preprocess();
        passes = new Passes(export.saved().net(), signature);
    }

    /** A graph and how far it is from the network. */
    private record Made(OnnxGraph graph, String fixedSize, double difference) {}

    Exported write(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new UncheckedIOException(
                    "%s: cannot be written, there is no folder %s".formatted(file, folder), new IOException());
        }
        AtomicFile.refuseFolder(file);
        Path part = null;
        try {
            part = Files.createTempFile(folder, ".fovea-", ".part");
            if (export.saved().net() instanceof TwoStageNet net) {
                return twoStages(net, part, file);
            }
            Made made = made(part);
            OnnxGraph graph = export.limits()
                    .map(limits ->
                            DetectionTail.of(made.graph(), limits, shown.height(), shown.width(), export.opset()))
                    .orElse(made.graph());
            if (graph != made.graph()) {
                OnnxWriter.write(part, model(graph));
                runs(part, 2);
            }
            return moved(part, file, new Made(graph, made.fixedSize(), made.difference()));
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be written (%s)".formatted(file, e.getMessage()), e);
        } finally {
            if (part != null) {
                AtomicFile.delete(part);
            }
        }
    }

    private Exported moved(Path part, Path file, Made made) throws IOException {
        watch.at(STEPS, STEPS);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return new Exported(
                file,
                export.opset(),
                made.graph().inputs(),
                made.graph().outputs(),
                made.fixedSize(),
                made.difference(),
                Files.size(file));
    }

    /** Each stage is compared by itself, then all is put together. */
    private Exported twoStages(TwoStageNet net, Path part, Path file) throws IOException {
        var largest = new double[1];
        OnnxGraph graph = TwoStageGraph.of(
                net,
                signature,
                new Setting(1, shown.height(), shown.width(), 11),
                export.answered(),
                export.opset(),
                stage -> {
                    Made made = new OnnxFile(export, stage.signature(), watch).fixed(part, "");
                    largest[0] = Math.max(largest[0], made.difference());
                    return new TwoStageGraph.Stage(stage.signature(), made.graph());
                });
        OnnxWriter.write(part, model(graph));
        runs(part, 1);
        return moved(part, file, new Made(graph, "regions end at the edges of images of that size", largest[0]));
    }

    private Made made(Path part) {
        if (!signature.takesSizes() || export.limits().isPresent()) {
            return fixed(part, signature.takesSizes() ? "boxes end at the edges of images of that size" : "");
        }
        try {
            return compared(part, true, "");
        } catch (SizeDependentException e) {
            return fixed(part, e.getMessage());
        }
    }

    private Made fixed(Path part, String reason) {
        try {
            return compared(part, false, reason);
        } catch (SizeDependentException e) {
            throw new NotExportableException(e.getMessage());
        }
    }

    private Made compared(Path part, boolean anySize, String reason) {
        OnnxGraph exact = NetGraph.of(passes, shown.height(), shown.width(), anySize, export.opset());
        OnnxGraph graph = export.half() ? HalfPrecision.of(exact) : exact;
        watch.at(1, STEPS);
        OnnxWriter.write(part, model(graph));
        watch.at(2, STEPS);
        var one = new Setting(1, shown.height(), shown.width(), 11);
        double difference = Comparison.of(part, signature, List.of(one, one.withBatch(3)));
        double most = export.half() ? MOST_IN_HALF : MOST;
        if (difference > most) {
            throw new NotExportableException(
                    "ONNX Runtime gives other outputs than the network: they differ by %.2g of the largest, at most %s is allowed"
                            .formatted(difference, most));
        }
        if (anySize) {
            difference = Math.max(difference, ofOtherSize(part, one.withBatch(2).larger(2, 1), most));
            if (passes.taken(one.grown(5, 7)).isPresent()) {
                difference = Math.max(difference, ofOtherSize(part, one.grown(5, 7), most));
            }
        }
        return new Made(graph, reason, difference);
    }

    private double ofOtherSize(Path part, Setting other, double most) {
        double difference;
        try {
            difference = Comparison.of(part, signature, List.of(other));
        } catch (RuntimeException e) {
            throw new SizeDependentException(
                    "the graph fails for images of another size (%s)".formatted(e.getMessage()));
        }
        if (difference > most) {
            throw new SizeDependentException("the graph gives other outputs for images of another size");
        }
        return difference;
    }

    /** @throws NotExportableException if the runtime cannot run it */
    private void runs(Path part, int images) {
        try (var session = new ExportedFile(part, 1);
                var scope = new Scope();
                var noGrad = new NoGrad()) {
            session.run(Comparison.named(
                    signature, signature.example(new Setting(images, shown.height(), shown.width(), 12))));
        }
    }

    private OnnxModel model(OnnxGraph graph) {
        return new OnnxModel(
                OnnxMetadata.format(export.opset()),
                OnnxMetadata.PRODUCER,
                OnnxMetadata.version(),
                Map.of("", (long) export.opset()),
                graph,
                OnnxMetadata.of(export.saved().config()));
    }
}
