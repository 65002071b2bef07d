package dev.fovea.task;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Batch;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Image;
import dev.fovea.models.AnomalyNet;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import dev.fovea.train.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** A run that fits an anomaly model to the features of normal images in a trained classifier or encoder. */
final class AnomalyLearner implements Learner {

    private static final int AT_ONCE = 32;
    private static final int SHOWN = 12;

    /** Tasks whose networks may have feature maps of images. */
    private static final List<String> SEEING =
            List.of("classification", "reconstruction", "variational", "quantisation", "masking");

    private AnomalyDetector detector;

    /** The result of the run. */
    AnomalyDetector detector() {
        return detector;
    }

    @Override
    public Splits checked(Splits data) {
        if (data.train().size() < 2) {
            throw new DataException("an anomaly detector needs at least 2 normal images, got "
                    + data.train().size());
        }
        return data;
    }

    /** Its network is over the backbone's architecture. */
    @Override
    public Recipe resolved(Recipe recipe) {
        return recipe.withModel(
                Models.withOption(recipe.model(), "backbone", backbone(recipe).architecture()));
    }

    @Override
    public Preprocess preprocess(Recipe recipe, Dataset train) {
        return backbone(recipe).preprocess();
    }

    private static ModelPackage.Config backbone(Recipe recipe) {
        String path = ((Task.Anomaly) recipe.task()).backbone();
        if (path.isEmpty()) {
            throw new IllegalArgumentException(
                    "task.backbone: name a run of a classifier or autoencoder, trained on any images, as in "
                            + "task.backbone=runs/flowers-1");
        }
        ModelPackage.Config config = ModelPackage.readConfig(SavedModel.folder(Path.of(path)));
        if (!SEEING.contains(config.task())) {
            throw new IllegalArgumentException(
                    "task.backbone: %s is a model for %s, expected a classifier or an autoencoder"
                            .formatted(path, config.task()));
        }
        if (config.preprocess().scaling() == Preprocess.Scaling.WHITEN) {
            throw new IllegalArgumentException(
                    "task.backbone: %s sees whitened images (input.normalize=whiten), an anomaly detector cannot use it. Take one trained with normalize=data"
                            .formatted(path));
        }
        if (config.preprocess().frames().length() > 1) {
            throw new IllegalArgumentException(
                    "task.backbone: %s is for clips, expected one for images".formatted(path));
        }
        return config;
    }

    @Override
    public boolean steps() {
        return false;
    }

    @Override
    public Objective objective(RunContext run) {
        throw new IllegalArgumentException(
                "task anomaly is not trained step by step; finding a rate, resuming and timing its steps are for other tasks");
    }

    @Override
    public void prepare(RunContext run) {
        String path = ((Task.Anomaly) run.recipe().task()).backbone();
        if (!(run.net() instanceof AnomalyNet net)) {
            throw new IllegalArgumentException("'%s' is no anomaly detector. Those are %s"
                    .formatted(run.recipe().model(), Registry.names("anomaly")));
        }
        Pretrained.load(Path.of(path), net.backbone());
        run.net().state().to(run.device());
        run.net().state().train(false);
    }

    @Override
    public Map<String, Double> finish(RunContext run, History history) {
        learn(run);
        Dataset held = run.data().validation();
        detector = AnomalyDetector.of(new Network(run.model(), run.device()));
        run.model().write(run.folder().model()); // first: nothing that fails later is to cost the model
        var metrics = new LinkedHashMap<String, Double>();
        if (held.size() > 0) {
            metrics.put("threshold", detector.threshold(held, AnomalyDetector.SHARE));
            ModelPackage model = run.model().withMetrics(metrics);
            model.write(run.folder().model());
            detector = AnomalyDetector.of(new Network(model, run.device()));
        }
        var sections = new Sections();
        if (held.size() > 0) {
            sections.add("The highest scores of normal images", () -> highestScores(held));
        }
        new TaskReport(run, history, metrics)
                .write(
                        String.format(
                                Locale.ROOT,
                                "%,d normal images seen, %,d held out for the threshold",
                                run.data().train().size(),
                                held.size()),
                        sections);
        return metrics;
    }

    private static void learn(RunContext run) {
        var net = (AnomalyNet) run.net();
        try (var loader = new Loader(
                        run.data().train(), run.preprocess(), Augmentation.NONE, Loader.Options.sequential(AT_ONCE));
                var noGrad = new NoGrad()) {
            for (Iterator<Batch> batches = loader.epoch(0, 0); batches.hasNext(); ) {
                try (var scope = new Scope()) {
                    net.fit(run.pixels().images(batches.next()));
                }
            }
        }
        net.finishFit();
    }

    private Figure highestScores(Dataset held) {
        record Scored(int index, double score) {}
        List<Scored> ranked = IntStream.range(0, held.size())
                .mapToObj(i -> new Scored(i, detector.score(held.image(i))))
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .limit(SHOWN)
                .toList();
        var tiles = new ArrayList<Tile>();
        for (Scored one : ranked) {
            Image image = held.image(one.index());
            tiles.add(new Tile(
                    List.of(Explanation.large(image), detector.heatMap(image)),
                    List.of(String.format(Locale.ROOT, "score %.4f", one.score())),
                    Mark.NONE));
        }
        return new Figure(
                "highest-scores",
                "The highest scores of normal images",
                "The held-out images with the highest scores, each with its anomaly map, up to twice the threshold; if "
                        + "these are not normal, take them out and train again.",
                ContactSheet.draw(
                        "Normal images held out, the highest score first",
                        tiles,
                        4,
                        List.of(HeatMap.legend("normal", "anomalous"))));
    }
}
