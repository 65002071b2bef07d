package dev.fovea.task.autoencode;

import dev.fovea.data.Dataset;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.image.Image;
import dev.fovea.models.Vae;
import dev.fovea.nn.Module;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.Rows;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.run.Comparison;
import dev.fovea.run.GeneratedImages;
import dev.fovea.run.History;
import dev.fovea.run.RunContext;
import dev.fovea.run.Sections;
import dev.fovea.run.Subset;
import dev.fovea.run.TaskReport;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The report of an autoencoder: curves, reconstructions, and its codes. */
final class AutoencoderReport {

    private static final int SHOWN = 24;
    private static final int POINTS = 2000;
    private static final int INTERPOLATIONS = 6;
    private static final int SWEPT = 8;
    private static final int STEPS = 11;

    /** Dimensions of the code whose effect is measured. */
    private static final int TRIED = 64;

    /** Root of the mean squared change that can be seen, values 0 to 1. */
    private static final double VISIBLE = 0.01;

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

    void write(Path folder) {
        Dataset some = some(POINTS);
        var sections = new Sections();
        history.curve(
                sections,
                "curves-loss",
                "Loss",
                "loss",
                "loss",
                "Lower is better. Validation rising while training falls means the network overfits.");
        history.curve(
                sections,
                "curves-mse",
                "Mean squared error",
                "MSE (values 0 to 1)",
                "mse",
                "Of all pixels, values from 0 to 1.");
        sections.add(
                "Reconstructions",
                () -> new Figure(
                        "reconstructions",
                        "Reconstructions",
                        "Each validation image beside its reconstruction, with its PSNR in dB (more is better).",
                        reconstructions()));
        int values = run.preprocess().bytes();
        String subtitle = String.format(
                Locale.ROOT,
                "%,d training and %,d validation images",
                run.data().train().size(),
                validation.size());
        try {
            List<float[]> codes = autoencoder.encode(some);
            subtitle +=
                    String.format(Locale.ROOT, ", a code of %,d numbers for %,d values", codes.get(0).length, values);
            if (codes.get(0).length >= 2) {
                sections.add(
                        "Codes in two dimensions",
                        () -> new CodeScatter(some, codes)
                                .figure("The codes of validation images along their two main directions"));
            }
            sections.add(
                    "Interpolations",
                    () -> new Figure(
                            "interpolations",
                            "Interpolations",
                            "Each row interpolates in equal steps from the code of its first image to that of its last; both are "
                                    + "shown at its ends as they are.",
                            interpolations()));
            sections.addAll("Single dimensions of the code", () -> sweeps(codes, sections));
        } catch (RuntimeException e) {
            sections.remark("Nothing about the codes is in this report: " + e.getMessage());
        }
        if (run.net() instanceof Vae) {
            sections.addAll("Generated", () -> {
                new GeneratedImages(run, samples(), false).addTo(sections);
                return List.of();
            });
        }
        new TaskReport(run, history, metrics).write(folder, subtitle, sections);
    }

    /** Images of codes drawn from the distribution that the codes were trained to have. */
    private List<Image> samples() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Module net = autoencoder.network().net();
            net.state().random(Random.of(new Seed(0)));
            return run.type().objective(run).samples(net, 0, GeneratedImages.SHOWN);
        }
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
        return ContactSheet.draw("Validation images, each beside its reconstruction", tiles, 4);
    }

    private BufferedImage interpolations() {
        Dataset ends = some(2 * INTERPOLATIONS);
        var rows = new ArrayList<Rows.Row>();
        for (int i = 0; i + 1 < ends.size(); i += 2) {
            Image from = ends.image(i);
            Image to = ends.image(i + 1);
            var row = new ArrayList<Image>();
            row.add(autoencoder.seen(from));
            row.addAll(autoencoder.interpolate(from, to, STEPS));
            row.add(autoencoder.seen(to));
            rows.add(new Rows.Row("", row, List.of()));
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("an interpolation needs two validation images, there is one");
        }
        var head = new ArrayList<String>();
        head.add("first");
        for (int i = 0; i < STEPS; i++) {
            head.add(Math.round(100.0 * i / (STEPS - 1)) + " %");
        }
        head.add("last");
        return Rows.draw("Interpolations", head, rows);
    }

    /** One dimension of the code: its distribution, and its effect on an image. */
    private record Number(int at, double mean, double deviation, double effect) {
        double at(double deviations) {
            return mean + deviations * deviation;
        }
    }

    /** Of the dimensions that vary most, those that change the image: a decoder may ignore some, or all. */
    private List<Figure> sweeps(List<float[]> codes, Sections sections) {
        Image image = some(POINTS).image(0);
        List<Number> chosen = IntStream.range(0, codes.get(0).length)
                .mapToObj(d -> number(codes, d))
                .sorted(Comparator.comparingDouble(Number::deviation).reversed())
                .limit(TRIED)
                .map(number -> withEffect(number, image))
                .filter(number -> number.effect() >= VISIBLE)
                .sorted(Comparator.comparingDouble(Number::effect).reversed())
                .limit(SWEPT)
                .toList();
        if (chosen.isEmpty()) {
            sections.remark(
                    "No single dimension of the code changes the decoded image visibly, so none is drawn: the decoder ignores the code.");
            return List.of();
        }
        var rows = new ArrayList<Rows.Row>();
        for (Number number : chosen) {
            var row = new ArrayList<Image>();
            row.add(autoencoder.seen(image));
            row.addAll(autoencoder.sweep(image, number.at(), number.at(-2), number.at(2), STEPS));
            rows.add(new Rows.Row(
                    String.format(Locale.ROOT, "number %d: %.2g to %.2g", number.at(), number.at(-2), number.at(2)),
                    row,
                    List.of()));
        }
        var head = new ArrayList<String>();
        head.add("image");
        for (int i = 0; i < STEPS; i++) {
            double deviations = -2 + 4.0 * i / (STEPS - 1);
            head.add(i == STEPS / 2 ? "mean" : String.format(Locale.ROOT, "%+.1f sd", deviations));
        }
        return List.of(new Figure(
                "sweeps",
                "Single dimensions of the code",
                "Each row changes one dimension of an image's code, from two standard deviations (sd) below its mean to two above; "
                        + "of the numbers that vary most, those that change the image most.",
                Rows.draw("Single dimensions of the code", head, rows)));
    }

    private static Number number(List<float[]> codes, int at) {
        double mean = codes.stream().mapToDouble(code -> code[at]).average().orElseThrow();
        double deviation = Math.sqrt(codes.stream()
                .mapToDouble(code -> (code[at] - mean) * (code[at] - mean))
                .average()
                .orElseThrow());
        return new Number(at, mean, deviation, 0);
    }

    private Number withEffect(Number number, Image image) {
        List<Image> ends = autoencoder.sweep(image, number.at(), number.at(-2), number.at(2), 2);
        double effect = Math.sqrt(Comparison.mse(ends.get(0), ends.get(1)));
        return new Number(number.at(), number.mean(), number.deviation(), effect);
    }
}
