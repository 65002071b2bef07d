package dev.fovea.task.classify;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Splits;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.Pretrained;
import dev.fovea.models.PrototypeNet;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.run.Classes;
import dev.fovea.run.Evaluated;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.PublishedModel;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TaskType;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Makes a classifier of a trained network and a few images of each class: the task of {@link FewShot} settings. */
public final class FewShotType implements TaskType<FewShot> {

    /** The only one. */
    public static final FewShotType TYPE = new FewShotType();

    private FewShotType() {}

    @Override
    public String word() {
        return FewShot.WORD;
    }

    @Override
    public String kind() {
        return "classification";
    }

    @Override
    public Class<FewShot> settings() {
        return FewShot.class;
    }

    @Override
    public List<FewShot> defaults() {
        return List.of(new FewShot("", ""));
    }

    @Override
    public Class<?> network() {
        return PrototypeNet.class;
    }

    /** All images are used unless a validation part is asked for: there are few. */
    @Override
    public Recipe start(Recipe base) {
        return base.withEpochs(1).withSelection(new Recipe.Selection(0, 0, Recipe.Keep.LAST));
    }

    /** Each class needs an image to be known by. */
    @Override
    public Splits checked(Splits data) {
        Splits checked = data.forTraining();
        Dataset train = checked.train();
        int[] counts = train.counts();
        List<String> missing = IntStream.range(0, counts.length)
                .filter(k -> counts[k] == 0)
                .mapToObj(train.classes()::get)
                .toList();
        if (!missing.isEmpty()) {
            throw new DataException("prototypes: no training image of %s. Each class needs one or more"
                    .formatted(Classes.shortened(missing)));
        }
        return checked;
    }

    @Override
    public boolean usesLabels() {
        return true;
    }

    /** Its network is over the backbone's architecture. */
    @Override
    public Recipe resolved(Recipe recipe) {
        return recipe.withModel(Models.withOption(
                recipe.model(),
                "backbone",
                backbone(recipe).config().architecture().text()));
    }

    @Override
    public Preprocess preprocess(Recipe recipe, Dataset train) {
        return backbone(recipe).preprocess();
    }

    private SavedNet backbone(Recipe recipe) {
        FewShot settings = settings(recipe);
        if (settings.backbone().isEmpty()) {
            throw new IllegalArgumentException(
                    "task.backbone: name a run of a classifier, trained on any images, as in task.backbone=runs/flowers-1, or a network with task.weights, as in task.backbone=resnet50 and task.weights=imagenet");
        }
        SavedNet net = settings.weights().isEmpty()
                ? SavedNet.load(Path.of(settings.backbone()), "cpu")
                : PublishedModel.load(
                        ClassificationType.TYPE,
                        settings.backbone(),
                        settings.weights(),
                        "cpu",
                        (file, done, total) -> {});
        if (!(net.net() instanceof Layer) || net.preprocess().frames().length() > 1) {
            throw new IllegalArgumentException(
                    "task.backbone: %s is a model for %s, expected a network that was trained on images and their classes, or without labels"
                            .formatted(settings.backbone(), net.config().task().type()));
        }
        return net;
    }

    @Override
    public boolean steps() {
        return false;
    }

    @Override
    public Objective objective(RunContext run) {
        throw new IllegalArgumentException(
                "prototypes are not trained step by step; finding a rate, resuming and timing its steps are for other networks");
    }

    @Override
    public void prepare(RunContext run) {
        SavedNet known = backbone(run.recipe());
        var net = (PrototypeNet) run.net();
        Pretrained.copy(known.net(), net.backbone());
        net.state().to(run.device());
        net.state().train(false);
        Dataset train = run.data().train();
        var seen = new SavedNet(run.model(), run.device());
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            List<float[]> rows = seen.rows(train, ((FeatureMaps) net)::embedding);
            int classes = train.classes().size();
            float[] shares = new float[train.size() * classes];
            IntStream.range(0, train.size()).forEach(i -> shares[i * classes + train.label(i)] = 1);
            net.fit(
                    Calibration.matrix(rows).to(run.device()),
                    Tensor.of(shares, train.size(), classes).to(run.device()));
        }
    }

    /** A classifier like any other, by what it predicts, explains and is calibrated with. */
    @Override
    public Finished finish(RunContext run, History history) {
        return ClassificationType.TYPE.finish(run.withTask(Classification.PLAIN), history);
    }

    @Override
    public ModelPackage unfinished(RunContext run) {
        return run.withTask(Classification.PLAIN).model();
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        return ClassificationType.TYPE.evaluate(net, data);
    }
}
