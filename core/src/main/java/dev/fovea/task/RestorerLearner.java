package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.models.RestorationNet;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.train.Degradation;
import dev.fovea.train.Objective;
import dev.fovea.train.RestorationObjective;
import dev.fovea.train.Task;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A run that trains a restorer. */
final class RestorerLearner implements Learner {

    private static final int SHOWN = 8;
    private static final int SIDE = 160;

    private Restorer restorer;

    /** The result of the run. */
    Restorer restorer() {
        return restorer;
    }

    @Override
    public Objective objective(RunContext run) {
        if (!(run.net() instanceof RestorationNet net)) {
            throw new IllegalArgumentException("'%s' cannot restore images. Those that can are %s"
                    .formatted(run.recipe().model(), Registry.names("restoration")));
        }
        checkSizes(run, net);
        return new RestorationObjective(
                new Degradation((Task.Restoration) run.recipe().task(), net),
                run.recipe().loss(),
                run.pixels());
    }

    /** Before the first step: not after hours, when the validation images are restored whole. */
    private static void checkSizes(RunContext run, RestorationNet net) {
        int side = run.preprocess().height();
        if (side % Restorer.even(net) != 0) {
            throw new IllegalArgumentException("input.size must be a multiple of %s for %s, got input.size=%s"
                    .formatted(Restorer.even(net), run.recipe().model(), side));
        }
        Dataset validation = run.data().validation();
        for (int i = 0; i < validation.size() && Restorer.even(net) > 1; i++) {
            Restorer.checkSides(net, validation.image(i), validation.name(i));
        }
    }

    @Override
    public int evaluationBatch() {
        return 16;
    }

    @Override
    public Map<String, Double> finish(RunContext run, History history) {
        restorer = new Restorer(new Network(run.model(), run.device()));
        restorer.save(run.folder().model()); // first: nothing that fails later is to cost the model
        Dataset validation = run.data().validation();
        if (validation.size() == 0) {
            return Map.of();
        }
        Map<String, Double> metrics = restorer.evaluate(validation);
        restorer = new Restorer(new Network(run.model().withMetrics(metrics), run.device()));
        restorer.save(run.folder().model());
        new TaskReport(run, history, metrics)
                .write(
                        String.format(
                                Locale.ROOT,
                                "%,d training and %,d validation images",
                                run.data().train().size(),
                                validation.size()),
                        sections(validation, history));
        return metrics;
    }

    private Sections sections(Dataset validation, History history) {
        var sections = new Sections();
        history.curve(sections, "curves-loss", "Loss", "loss", "loss", "Lower is better.");
        history.curve(
                sections,
                "curves-psnr",
                "Peak signal-to-noise ratio",
                "PSNR (dB)",
                "psnr",
                "Of patches in training and in validation; more is better.");
        sections.add(
                "Validation images",
                () -> new Figure(
                        "examples",
                        "Validation images",
                        "Clean, degraded, restored, in their own pixels; below, the PSNR of the degraded and the restored "
                                + "image.",
                        examples(validation)));
        return sections;
    }

    private BufferedImage examples(Dataset validation) {
        var tiles = new ArrayList<Tile>();
        int count = Math.min(SHOWN, validation.size());
        for (int i = 0; i < count; i++) {
            var image = validation.image((int) ((long) i * validation.size() / count));
            int side = Math.min(SIDE, Math.min(image.width(), image.height()));
            var part = image.crop((image.width() - side) / 2, (image.height() - side) / 2, side, side);
            var three = restorer.example(part, i);
            boolean same = three.get(1).width() == three.get(0).width();
            tiles.add(new Tile(
                    three.stream().map(each -> each.toBufferedImage()).toList(),
                    List.of(String.format(
                            Locale.ROOT,
                            "%s restored %.1f dB",
                            same
                                    ? String.format(
                                            Locale.ROOT,
                                            "degraded %.1f dB,",
                                            Comparison.psnr(three.get(0), three.get(1)))
                                    : "",
                            Comparison.psnr(three.get(0), three.get(2)))),
                    Mark.NONE));
        }
        return ContactSheet.draw("Validation images: clean, degraded, restored", tiles, 2);
    }
}
