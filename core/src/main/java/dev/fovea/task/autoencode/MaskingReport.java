package dev.fovea.task.autoencode;

import dev.fovea.data.Dataset;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.MaskedAutoencoder;
import dev.fovea.models.MaskedAutoencoder.Mask;
import dev.fovea.report.Rows;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.run.History;
import dev.fovea.run.RunContext;
import dev.fovea.run.Sections;
import dev.fovea.run.Subset;
import dev.fovea.run.TaskReport;
import dev.fovea.train.ImageTensors;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The report of a masked autoencoder: curves, reconstructions, and its codes. */
record MaskingReport(RunContext run, Autoencoder autoencoder, Map<String, Double> metrics, History history) {

    private static final int SHOWN = 18;
    private static final int COLUMNS = 9;
    private static final int POINTS = 2000;
    private static final long SEED = 7;

    void write(Path folder) {
        Dataset some = Subset.evenly(run.data().validation(), POINTS);
        var sections = new Sections();
        history.curve(
                sections,
                "curves-masked-mse",
                "Error of masked patches",
                "MSE (values 0 to 1)",
                "maskedMse",
                "Lower is better; of the masked patches alone.");
        sections.add(
                "Masked, reconstructed, original",
                () -> new Figure(
                        "reconstructed",
                        "Masked, reconstructed, original",
                        "Each validation image three times: with masked patches grey, with the masked patches reconstructed, and as it is.",
                        examples()));
        sections.add(
                "Codes in two dimensions",
                () -> new CodeScatter(some, autoencoder.encode(some))
                        .figure("The mean of what the encoder makes of an image, along its two main directions"));
        new TaskReport(run, history, metrics)
                .write(
                        folder,
                        String.format(
                                Locale.ROOT,
                                "%,d training and %,d validation images",
                                run.data().train().size(),
                                run.data().validation().size()),
                        sections);
    }

    private BufferedImage examples() {
        Dataset some = Subset.evenly(run.data().validation(), SHOWN);
        List<Image> images = IntStream.range(0, some.size())
                .mapToObj(i -> autoencoder.seen(some.image(i)))
                .toList();
        var net = (MaskedAutoencoder) run.net();
        double share = ((Masking) run.recipe().task()).maskRatio();
        var shown = new ArrayList<Image>();
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor originals = ImageTensors.of(images).to(run.device());
            Mask mask = net.mask(images.size(), share, SEED);
            List<Image> seen = ImageTensors.of(net.hidden(originals, mask));
            List<Image> made = ImageTensors.of(net.reconstructed(originals, mask));
            for (int i = 0; i < images.size(); i++) {
                shown.addAll(List.of(seen.get(i), made.get(i), images.get(i)));
            }
        }
        var rows = new ArrayList<Rows.Row>();
        for (int from = 0; from < shown.size(); from += COLUMNS) {
            rows.add(new Rows.Row("", shown.subList(from, Math.min(shown.size(), from + COLUMNS)), List.of()));
        }
        int threes = Math.min(COLUMNS, shown.size()) / 3;
        List<String> head = Collections.nCopies(threes, List.of("masked", "reconstructed", "original")).stream()
                .flatMap(List::stream)
                .toList();
        return Rows.draw("Masked, reconstructed, original", head, rows);
    }
}
