package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.image.Image;
import dev.fovea.run.ReconstructionScore;
import dev.fovea.run.Subset;
import dev.fovea.task.anomaly.AnomalyDetector;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea anomaly}: anomaly scores of images. */
@Command(
        name = "anomaly",
        description = "Scores images for anomalies with a model that was trained on normal ones, and draws where.",
        footer = {
            "",
            "Examples:",
            "  fovea train patchcore --data parts --only good --set task.backbone=runs/flowers-1",
            "  fovea train \"conv-autoencoder code=16\" --data parts --only good",
            "  fovea anomaly runs/parts-1 part.png -o maps --normal more-good-parts"
        })
final class AnomalyCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A run folder or a model package of an autoencoder, patchcore or padim.")
    private Path model;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "Image files.")
    private List<Path> images;

    @Option(
            names = "--normal",
            paramLabel = "DATA",
            description =
                    "Normal images; what scores above nearly all of them is called anomalous. By default those that were held out "
                            + "while training.")
    private String normal = "";

    @Option(
            names = "--share",
            description = "With --normal: of these images, the share to be called normal, above 0 to 1 (default: "
                    + AnomalyDetector.SHARE + ").")
    private Double share;

    @Option(names = "--score", description = "For an autoencoder: l2 or ssim (default: l2).")
    private ReconstructionScore score;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "Folder for the heat maps, each under its image's name.")
    private Path out;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        if (share != null) {
            if (normal.isEmpty()) {
                throw new IllegalArgumentException("--share means nothing without --normal");
            }
            AnomalyDetector.checkShare(share);
        }
        var files = OutputFolder.of(out, images, images);
        var inputs = PerFile.images(images);
        var detector = limited(detector(model, score, device));
        double limit = detector.threshold().orElse(Double.NaN);
        return inputs.print(
                output, Double.isNaN(limit) ? Map.of() : Map.of("threshold", limit), "anomalies", (path, row) -> {
                    Image image = inputs.read(path);
                    double value = detector.score(image);
                    Path file = files.png(path);
                    Image.write(file, detector.heatMap(image));
                    row.put("score", value);
                    if (!Double.isNaN(limit)) {
                        row.put("anomalous", value > limit);
                    }
                    row.put("output", file.toString());
                    String verdict = Double.isNaN(limit) ? "" : value > limit ? "anomalous  " : "normal  ";
                    return String.format(Locale.ROOT, "%s  %.5f  %s->  %s", path, value, verdict, file);
                });
    }

    private AnomalyDetector limited(AnomalyDetector detector) {
        if (normal.isEmpty()) {
            return detector;
        }
        var normalImages = Subset.only(
                Data.open(normal, Data.Options.of().withLabelled(false).withContent(Data.Content.IMAGES)));
        return detector.withThreshold(detector.threshold(normalImages, share == null ? AnomalyDetector.SHARE : share));
    }

    /**
     * The detector that a model is.
     *
     * @param score null if none was named
     */
    static AnomalyDetector detector(Path model, ReconstructionScore score, String device) {
        return AnomalyDetector.load(model, Optional.ofNullable(score), device);
    }
}
