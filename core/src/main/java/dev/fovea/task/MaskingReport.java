package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.MaskedAutoencoder;
import dev.fovea.models.MaskedAutoencoder.Mask;
import dev.fovea.report.Grid;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.train.Pictures;
import dev.fovea.train.Task;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The report of a masked autoencoder: curves, what it saw and painted, and its codes. */
record MaskingReport(RunContext run, Autoencoder autoencoder, Map<String, Double> metrics, History history) {

    private static final int SHOWN = 16;
    private static final int COLUMNS = 12;
    private static final int POINTS = 2000;
    private static final long SEED = 7;

    void write() {
        Dataset some = Subset.evenly(run.data().validation(), POINTS);
        var figures = List.of(
                history.curve(
                        "curves-hidden-mse",
                        "Error of hidden patches",
                        "MSE (values 0 to 1)",
                        "hiddenMse",
                        "Lower is better; of the hidden patches alone."),
                new Figure(
                        "painted",
                        "Seen, painted, true",
                        "In threes: what the network saw of a validation picture, what it painted, and the picture.",
                        painted()),
                new CodeScatter(some, autoencoder.encode(some))
                        .figure("The mean of what the encoder makes of a picture, along its two main directions"));
        new TaskReport(run, history, metrics)
                .write(
                        "%,d training and %,d validation pictures"
                                .formatted(
                                        run.data().train().size(),
                                        run.data().validation().size()),
                        figures);
    }

    private BufferedImage painted() {
        Dataset some = Subset.evenly(run.data().validation(), SHOWN);
        List<Image> images = IntStream.range(0, some.size())
                .mapToObj(i -> autoencoder.seen(some.image(i)))
                .toList();
        var net = (MaskedAutoencoder) run.net();
        double share = ((Task.Masking) run.recipe().task()).hidden();
        var shown = new ArrayList<Image>();
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor pictures = Pictures.of(images).to(run.device());
            Mask mask = net.mask(images.size(), share, SEED);
            List<Image> seen = Pictures.of(net.hidden(pictures, mask));
            List<Image> made = Pictures.of(net.completed(pictures, mask));
            for (int i = 0; i < images.size(); i++) {
                shown.addAll(List.of(seen.get(i), made.get(i), images.get(i)));
            }
        }
        return Grid.draw(shown, COLUMNS);
    }
}
