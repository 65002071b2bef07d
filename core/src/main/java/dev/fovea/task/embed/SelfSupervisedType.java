package dev.fovea.task.embed;

import dev.fovea.data.ColorTransform;
import dev.fovea.data.Dataset;
import dev.fovea.data.GeometricTransform;
import dev.fovea.data.Preprocess;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.run.Evaluated;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TaskType;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Learns from images without labels what a classifier can start from: the task of {@link SelfSupervised} settings. */
public final class SelfSupervisedType implements TaskType<SelfSupervised> {

    /** The only one. */
    public static final SelfSupervisedType TYPE = new SelfSupervisedType();

    private static final int VIEWS = 2;

    private SelfSupervisedType() {}

    @Override
    public String word() {
        return SelfSupervised.WORD;
    }

    @Override
    public String kind() {
        return "embedding";
    }

    @Override
    public Class<SelfSupervised> settings() {
        return SelfSupervised.class;
    }

    @Override
    public List<SelfSupervised> defaults() {
        return List.of(SelfSupervised.USUAL);
    }

    @Override
    public Class<?> network() {
        return Layer.class;
    }

    /** The networks of classifiers, no others that are functions of images. */
    @Override
    public boolean trains(Class<?> networks) {
        return networks == Layer.class;
    }

    /** Views are random crops, mirrored, with other colours; larger batches have more images to be told apart. */
    @Override
    public Recipe start(Recipe base) {
        Recipe.Selection selection = base.selection();
        return base.withEpochs(50)
                .withBatch(256)
                .withInput(base.input().withAugmentRepeats(VIEWS))
                .withSelection(new Recipe.Selection(selection.validation(), 0, Recipe.Keep.LAST))
                .withAugment(
                        new GeometricTransform.Crop(List.of(0.2, 1.0), List.of(0.75, 4 / 3.0)),
                        GeometricTransform.Flip.horizontal(),
                        new ColorTransform.Jitter(0.4, 0.4, 0.4, 0.1),
                        new ColorTransform.Grayscale(0.2));
    }

    /** The dimensions of the embedding. */
    @Override
    public List<String> outputs(Recipe recipe, Dataset train) {
        return IntStream.rangeClosed(1, settings(recipe).dimensions())
                .mapToObj(i -> String.format(Locale.ROOT, "dimension %d", i))
                .toList();
    }

    @Override
    public void checkFits(String model, Module net, Preprocess preprocess, int outputs) {
        Models.checkOutputs(model, net, preprocess, outputs);
    }

    @Override
    public Objective objective(RunContext run) {
        Recipe recipe = run.recipe();
        if (recipe.input().augmentRepeats() != VIEWS || recipe.augment().isEmpty() || recipe.batch() < 2 * VIEWS) {
            throw new IllegalArgumentException(
                    "task %s compares two random views of each image with those of others in a batch: it needs input.augmentRepeats=2, some augment and a batch of 4 or more, got input.augmentRepeats=%s, %s of augment and batch=%s"
                            .formatted(
                                    word(),
                                    recipe.input().augmentRepeats(),
                                    recipe.augment().size(),
                                    recipe.batch()));
        }
        return new SelfSupervisedObjective(
                settings(run.recipe()),
                run.pixels(),
                run.data().train().classes().size());
    }

    @Override
    public Finished finish(RunContext run, History history) {
        Dataset validation = run.data().validation();
        if (validation.size() == 0) {
            return Finished.unvalidated(run);
        }
        var net = new SavedNet(run.model(), run.device());
        List<float[]> features = new FeatureExtractor(net).features(validation);
        Map<String, Double> metrics = metrics(features, validation);
        ModelPackage model = run.model().withMetrics(metrics);
        double seconds = run.seconds();
        return new Finished(
                model,
                metrics,
                List.of(),
                folder -> new SelfSupervisedReport(run, net, features, metrics, history).write(folder, seconds));
    }

    private static Map<String, Double> metrics(List<float[]> features, Dataset data) {
        int classes = data.classes().size();
        if (classes < 2) {
            return Map.of();
        }
        int[] labels = IntStream.range(0, data.size()).map(data::label).toArray();
        return Map.of(SelfSupervisedObjective.CRITERION, FeatureQuality.knnAccuracy(features, labels, classes));
    }

    /** On labelled images: how many have the class of their nearest neighbours. */
    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        if (data.classes().size() < 2) {
            throw new IllegalArgumentException(
                    "a model for task %s is evaluated by how well it tells classes apart, the data has none"
                            .formatted(word()));
        }
        return Evaluated.of(metrics(new FeatureExtractor(net).features(data), data));
    }
}
