package dev.fovea.task.anomaly;

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
import dev.fovea.models.EncoderNet;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.Pretrained;
import dev.fovea.nn.Layer;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Evaluated;
import dev.fovea.run.FigureKeeper;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.NotEvaluableException;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Sections;
import dev.fovea.run.TaskReport;
import dev.fovea.run.TaskType;
import dev.fovea.run.Trial;
import dev.fovea.run.answers.Scale;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds anomalous images by the features of normal ones: the task of {@link Anomaly} settings. */
public final class AnomalyType implements TaskType<Anomaly> {

    /** The only one. */
    public static final AnomalyType TYPE = new AnomalyType();

    private static final int AT_ONCE = 32;
    private static final int SHOWN = 12;

    private AnomalyType() {}

    @Override
    public String word() {
        return Anomaly.WORD;
    }

    @Override
    public Class<Anomaly> settings() {
        return Anomaly.class;
    }

    @Override
    public List<Anomaly> defaults() {
        return List.of(new Anomaly(""));
    }

    @Override
    public Class<?> network() {
        return AnomalyNet.class;
    }

    @Override
    public Recipe start(Recipe base) {
        return base.withEpochs(1).withSelection(new Recipe.Selection(0.1, 0, Recipe.Keep.LAST));
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
        return recipe.withModel(Models.withOption(
                recipe.model(), "backbone", backbone(recipe).architecture().text()));
    }

    @Override
    public Preprocess preprocess(Recipe recipe, Dataset train) {
        return backbone(recipe).preprocess();
    }

    private ModelPackage.Config backbone(Recipe recipe) {
        String path = settings(recipe).backbone();
        if (path.isEmpty()) {
            throw new IllegalArgumentException(
                    "task.backbone: name a run of a classifier or autoencoder, trained on any images, as in "
                            + "task.backbone=runs/flowers-1");
        }
        ModelPackage.Config config = SavedNet.config(Path.of(path));
        if (!sees(config.architecture().network())) {
            throw new IllegalArgumentException(
                    "task.backbone: %s is a model for %s, expected a classifier or an autoencoder"
                            .formatted(path, config.task().type()));
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
        String path = settings(run.recipe()).backbone();
        Pretrained.load(Path.of(path), ((AnomalyNet) run.net()).backbone());
        run.net().state().to(run.device());
        run.net().state().train(false);
    }

    @Override
    public Finished finish(RunContext run, History history) {
        fit(run);
        Dataset held = run.data().validation();
        String subtitle = String.format(
                Locale.ROOT,
                "%,d normal images seen, %,d held out for the threshold",
                run.data().train().size(),
                held.size());
        if (held.size() == 0) {
            return new Finished(
                    run.model(),
                    Map.of(),
                    List.of(),
                    folder -> new TaskReport(run, history, Map.of()).write(folder, subtitle, new Sections()));
        }
        double threshold =
                AnomalyDetector.of(new SavedNet(run.model(), run.device())).threshold(held, AnomalyDetector.SHARE);
        ModelPackage model = run.model().withThresholds(Map.of(AnomalyDetector.THRESHOLD, threshold));
        var detector = AnomalyDetector.of(new SavedNet(model, run.device()));
        List<String> remarks = List.of(String.format(
                Locale.ROOT,
                "threshold %.4f: %.0f %% of the normal images held out score no more",
                threshold,
                100 * AnomalyDetector.SHARE));
        return new Finished(model, Map.of(), remarks, folder -> {
            var sections = new Sections();
            sections.remarks(remarks);
            sections.add("The highest scores of normal images", () -> highest(detector, held));
            new TaskReport(run, history, Map.of()).write(folder, subtitle, sections);
        });
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        throw new NotEvaluableException(
                "an anomaly detector is evaluated on normal and anomalous images, with the class of the normal ones");
    }

    @Override
    public Optional<AnswerKeeper> keeper(SavedNet net) {
        var detector = AnomalyDetector.of(net);
        return Optional.of(new FigureKeeper(
                List.of(new FigureKeeper.Kind("score", Scale.NEITHER, detector.threshold())),
                image -> Map.of("score", detector.score(image))));
    }

    @Override
    public Trial trial(SavedNet net) {
        return new AnomalyTrial(AnomalyDetector.of(net));
    }

    /** Networks that may have feature maps of images: classifiers and encoders. */
    private static boolean sees(Class<?> network) {
        return network == Layer.class || EncoderNet.class.isAssignableFrom(network);
    }

    private static void fit(RunContext run) {
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

    private static Figure highest(AnomalyDetector detector, Dataset held) {
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
                    List.of(HeatMap.enlarged(image), detector.heatMap(image)),
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
