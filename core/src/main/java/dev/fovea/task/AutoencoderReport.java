package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.models.Vae;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.Grid;
import dev.fovea.report.RunReport.Figure;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The report of an autoencoder: curves, pictures beside what comes back, and what its codes mean. */
final class AutoencoderReport {

    private static final int SHOWN = 24;
    private static final int POINTS = 2000;
    private static final int WALKS = 6;
    private static final int SWEPT = 8;
    private static final int STEPS = 11;

    private final RunContext run;
    private final Autoencoder autoencoder;
    private final Map<String, Double> metrics;
    private final History history;
    private final Dataset validation;

    AutoencoderReport(RunContext run, Autoencoder autoencoder, Map<String, Double> metrics, History history) {
        this.run = run;
        this.autoencoder = autoencoder;
        this.metrics = metrics;
        this.history = history;
        validation = run.data().validation();
    }

    void write() {
        Dataset some = some(POINTS);
        List<float[]> codes = autoencoder.encode(some);
        var figures = new ArrayList<Figure>();
        figures.add(history.curve(
                "curves-loss",
                "Loss",
                "loss",
                "loss",
                "Lower is better. Validation rising while training falls means the network learns by heart."));
        figures.add(history.curve(
                "curves-mse",
                "Mean squared error",
                "MSE (values 0 to 1)",
                "mse",
                "Of all pixels, values from 0 to 1."));
        figures.add(new Figure(
                "reconstructions",
                "Reconstructions",
                "Each validation picture beside what is left of it after its code, with its error in dB (more is better).",
                reconstructions()));
        if (codes.get(0).length >= 2) {
            figures.add(new CodeScatter(some, codes)
                    .figure("The codes of validation pictures along their two main directions"));
        }
        figures.add(new Figure(
                "walks",
                "From one picture to another",
                "Each row walks in equal steps from the code of one picture to that of another.",
                walks()));
        figures.add(new Figure(
                "sweeps",
                "Single numbers of the code",
                "Each row changes one number of a picture's code, those that vary most first, from two deviations below its "
                        + "mean to two above.",
                sweeps(codes)));
        if (run.net() instanceof Vae) {
            var generator = new Generator(autoencoder.network());
            figures.addAll(
                    new GeneratedPictures(run, generator.generate(new Generator.Request(GeneratedPictures.SHOWN)))
                            .figures());
        }
        new TaskReport(run, history, metrics)
                .write(
                        "%,d training and %,d validation pictures, a code of %,d numbers for %,d values"
                                .formatted(
                                        run.data().train().size(),
                                        validation.size(),
                                        codes.get(0).length,
                                        run.preprocess().height()
                                                * run.preprocess().width()
                                                * run.preprocess().channels()),
                        figures);
    }

    private Dataset some(int most) {
        return Subset.evenly(validation, most);
    }

    private BufferedImage reconstructions() {
        Dataset shown = some(SHOWN);
        var tiles = new ArrayList<Tile>();
        for (int i = 0; i < shown.size(); i++) {
            Image seen = autoencoder.seen(shown.image(i));
            Image made = autoencoder.reconstruct(seen);
            tiles.add(new Tile(
                    List.of(seen.toBufferedImage(), made.toBufferedImage()),
                    List.of(String.format(Locale.ROOT, "%.1f dB", Comparison.psnr(seen, made))),
                    Mark.NONE));
        }
        return ContactSheet.draw("Validation pictures, each beside its reconstruction", tiles, 4);
    }

    private BufferedImage walks() {
        Dataset ends = some(2 * WALKS);
        var pictures = new ArrayList<Image>();
        for (int i = 0; i + 1 < ends.size(); i += 2) {
            pictures.addAll(autoencoder.walk(ends.image(i), ends.image(i + 1), STEPS));
        }
        return pictures.isEmpty()
                ? Grid.draw(List.of(autoencoder.reconstruct(ends.image(0))))
                : Grid.draw(pictures, STEPS);
    }

    private BufferedImage sweeps(List<float[]> codes) {
        int length = codes.get(0).length;
        double[] mean = new double[length];
        double[] deviation = new double[length];
        for (int d = 0; d < length; d++) {
            int at = d;
            mean[d] = codes.stream().mapToDouble(code -> code[at]).average().orElseThrow();
            deviation[d] = Math.sqrt(codes.stream()
                    .mapToDouble(code -> (code[at] - mean[at]) * (code[at] - mean[at]))
                    .average()
                    .orElseThrow());
        }
        List<Integer> lively = IntStream.range(0, length)
                .boxed()
                .sorted((a, b) -> Double.compare(deviation[b], deviation[a]))
                .limit(SWEPT)
                .toList();
        Image picture = some(POINTS).image(0);
        var swept = new ArrayList<Image>();
        for (int d : lively) {
            swept.addAll(autoencoder.sweep(picture, d, mean[d] - 2 * deviation[d], mean[d] + 2 * deviation[d], STEPS));
        }
        return Grid.draw(swept, STEPS);
    }
}
