package dev.fovea.task.restore;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.image.Image;
import dev.fovea.models.RestorationNet;
import dev.fovea.models.SubPixelNet;
import dev.fovea.nn.Loss;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Comparison;
import dev.fovea.run.Evaluated;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.Inputs;
import dev.fovea.run.ItemScorer;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Sections;
import dev.fovea.run.TaskReport;
import dev.fovea.run.TaskType;
import dev.fovea.run.Trial;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Restores degraded images: the task of {@link Restoration} settings. */
public final class RestorationType implements TaskType<Restoration> {

    /** The only one. */
    public static final RestorationType TYPE = new RestorationType();

    private static final int SHOWN = 8;
    private static final int SIDE = 160;

    private RestorationType() {}

    @Override
    public String word() {
        return Restoration.WORD;
    }

    @Override
    public Class<Restoration> settings() {
        return Restoration.class;
    }

    @Override
    public List<Restoration> defaults() {
        return Arrays.stream(DegradationType.values()).map(Restoration::of).toList();
    }

    @Override
    public Class<?> network() {
        return RestorationNet.class;
    }

    @Override
    public Recipe start(Recipe base) {
        int scale = SubPixelNet.scaleOf(base.model());
        Recipe own = scale == 1 ? base : base.withTask(new Restoration(DegradationType.SCALE, scale, scale));
        return own.withPatches(64, 16).withEpochs(30).withBatch(32).withLoss(new Loss.Mse());
    }

    @Override
    public Preprocess preprocess(Recipe recipe, Dataset train) {
        return Inputs.unit(recipe, train);
    }

    @Override
    public Objective objective(RunContext run) {
        var net = (RestorationNet) run.net();
        checkSizes(run, net);
        return new RestorationObjective(
                new Degradation(settings(run.recipe()), net), run.recipe().loss(), run.pixels());
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
    public Finished finish(RunContext run, History history) {
        Dataset validation = run.data().validation();
        if (validation.size() == 0) {
            return Finished.unvalidated(run);
        }
        var restorer = new Restorer(new SavedNet(run.model(), run.device()));
        Map<String, Double> metrics = restorer.evaluate(validation);
        String subtitle = String.format(
                Locale.ROOT,
                "%,d training and %,d validation images",
                run.data().train().size(),
                validation.size());
        return new Finished(
                run.model().withMetrics(metrics),
                metrics,
                List.of(),
                folder -> new TaskReport(run, history, metrics)
                        .write(folder, subtitle, sections(restorer, validation, history)));
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        return Evaluated.of(new Restorer(net).evaluate(data));
    }

    @Override
    public Optional<AnswerKeeper> keeper(SavedNet net) {
        return Optional.of(RestorationTrial.keeper(new Restorer(net)));
    }

    @Override
    public Trial trial(SavedNet net) {
        return new RestorationTrial(new Restorer(net));
    }

    private static Sections sections(Restorer restorer, Dataset validation, History history) {
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
                        examples(restorer, validation)));
        return sections;
    }

    private static BufferedImage examples(Restorer restorer, Dataset validation) {
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

    /** Degraded as in training, each image in its own way, and restored. */
    @Override
    public Optional<ItemScorer> items(SavedNet net) {
        var restorer = new Restorer(net);
        return Optional.of(ItemScorer.ofImages(sample -> {
            List<Image> made = restorer.example(sample.image(), sample.name().hashCode());
            return new ItemScorer.Made(made.get(2), made.get(0), "");
        }));
    }
}
