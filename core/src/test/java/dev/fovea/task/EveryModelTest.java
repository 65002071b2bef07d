package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.Drawn;
import dev.fovea.data.Augmentation;
import dev.fovea.data.Batch;
import dev.fovea.data.Dataset;
import dev.fovea.data.Keypoints;
import dev.fovea.data.Loader;
import dev.fovea.data.MovingShapes;
import dev.fovea.data.Shapes;
import dev.fovea.data.Skeleton;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Precision;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.DetectionNet;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.ReducedModels;
import dev.fovea.models.SegmentationNet;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.run.Inputs;
import dev.fovea.run.RunClock;
import dev.fovea.run.RunContext;
import dev.fovea.run.RunFacts;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import dev.fovea.train.RunFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EveryModelTest {

    private static final int COUNT = 12;

    /** Adds the same to all that a softmax compares, so that its gradient is what rounding leaves. */
    private static final String WITHOUT_EFFECT = "classifier.attention_pool.bias";

    @TempDir
    private Path folder;

    /** All but anomaly detectors, which take no steps. */
    static List<ModelEntry> learners() {
        return ReducedModels.all().stream()
                .filter(entry -> Tasks.ALL.ofModel(entry.name()).steps())
                .toList();
    }

    @Test
    void onlyMemoriesTakeNoSteps() {
        assertThat(ReducedModels.all().stream().filter(entry -> !learners().contains(entry)))
                .extracting(ModelEntry::name)
                .containsExactlyInAnyOrder("patchcore", "padim", "prototypes");
    }

    private static int side(ModelEntry entry) {
        return ReducedModels.side(entry) / 4 * 4;
    }

    /** Not square, as all networks must take it. */
    private static String shown(ModelEntry entry) {
        int multiple = finds(entry) ? 32 : 4;
        int side = (side(entry) + multiple - 1) / multiple * multiple;
        return side + "x" + (side + (finds(entry) ? 32 : 16));
    }

    private static boolean finds(ModelEntry entry) {
        return entry.config().network() == DetectionNet.class;
    }

    /** Every class is there, since some weights belong to one. */
    private static Dataset data(ModelEntry entry) {
        return entry.input().frames() > 1
                ? new MovingShapes(1, COUNT, side(entry), entry.input().frames())
                : finds(entry)
                        ? withKeypoints(
                                new Shapes(1, COUNT, side(entry)).withObjects().orElseThrow())
                        : segments(entry)
                                ? new Shapes(1, COUNT, side(entry), Shapes.Annotation.PIXEL_LABELS)
                                : new Shapes(1, COUNT, side(entry));
    }

    private static boolean segments(ModelEntry entry) {
        return entry.config().network() == SegmentationNet.class;
    }

    /** The same, each object with the 17 points of a person in it. */
    private static Dataset withKeypoints(Dataset data) {
        return Dataset.of(
                IntStream.range(0, data.size()).mapToObj(data::image).toList(),
                data.classes(),
                IntStream.range(0, data.size())
                        .mapToObj(i -> withKeypoints((Target.Objects) data.target(i)))
                        .toList());
    }

    private static Target withKeypoints(Target.Objects objects) {
        int count = Skeleton.COCO_PERSON.names().size();
        return new Target.Objects(
                objects.boxes(),
                objects.labels(),
                objects.masks(),
                objects.ignore(),
                objects.boxes().stream()
                        .map(box -> new Keypoints(
                                Skeleton.COCO_PERSON,
                                IntStream.range(0, count)
                                        .mapToDouble(j -> box.left() + box.width() * (j + 0.5) / count)
                                        .toArray(),
                                IntStream.range(0, count)
                                        .mapToDouble(j -> box.top() + box.height() * (j + 0.5) / count)
                                        .toArray(),
                                IntStream.range(0, count)
                                        .map(j -> Keypoints.VISIBLE)
                                        .toArray()))
                        .toList());
    }

    private RunContext run(ModelEntry entry) {
        var settings = new ArrayList<>(List.of("input.size=" + shown(entry), "batch=" + COUNT));
        if (entry.input().frames() > 1) {
            settings.add("input.frames.length=4");
        }
        Recipe recipe = Tasks.ALL.recipes().with(Tasks.ALL.recipe(entry.name()), settings);
        var splits = new Splits(data(entry), Dataset.empty(data(entry).classes()), data(entry), List.of());
        var preprocess = Tasks.ALL.of(recipe.task()).preprocess(recipe, splits.train());
        Module net = Drawn.by(1, Inputs.network(Tasks.ALL.of(recipe.task()), recipe, preprocess, splits.train()));
        return new RunContext(
                Tasks.ALL.of(recipe.task()),
                recipe,
                splits,
                new RunFolder(folder),
                preprocess,
                net,
                Device.CPU,
                Precision.of("fp32"),
                new RunClock(),
                RunFacts.none());
    }

    /** Some layers begin as zeros, so that what lies before them learns from the second step on only. */
    private static void stir(Module net) {
        var random = Random.of(new Seed(1));
        try (var noGrad = new NoGrad()) {
            net.state()
                    .parameters()
                    .values()
                    .forEach(weight ->
                            weight.add_(Tensor.randn(random, weight.shape()).channelsLast(), 0.02));
        }
    }

    /** The weights that one step of the model's own task gives a gradient, each phase to its own part. */
    private static Set<String> learning(RunContext run, Batch batch) {
        var learning = new HashSet<String>();
        Objective objective = run.type().objective(run);
        for (Objective.Phase phase : objective.phases()) {
            try (var scope = new Scope()) {
                run.net().state().random(Random.of(new Seed(3)));
                objective.step(run.net(), batch, phase).loss().backward();
                run.net().state().parameters().forEach((name, weight) -> {
                    if (name.startsWith(phase.prefix())
                            && weight.hasGrad()
                            && weight.grad().abs().max().item() > 0) {
                        learning.add(name);
                    }
                    weight.clearGrad();
                });
            }
        }
        learning.remove(WITHOUT_EFFECT);
        return learning;
    }

    static List<ModelEntry> small() {
        return learners().stream()
                .filter(entry -> entry.counts().parameters() < 15_000_000)
                .toList();
    }

    static List<ModelEntry> large() {
        return learners().stream()
                .filter(entry -> entry.counts().parameters() >= 15_000_000)
                .toList();
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("large")
    void everyParameterOfALargeNetworkGetsAGradient(ModelEntry entry) {
        everyParameterGetsAGradientInAStepOfItsTask(entry);
    }

    @ParameterizedTest
    @MethodSource("small")
    void everyParameterGetsAGradientInAStepOfItsTask(ModelEntry entry) {
        RunContext run = run(entry);
        stir(run.net());
        try (var loader =
                new Loader(run.data().train(), run.preprocess(), Augmentation.NONE, Loader.Options.sequential(COUNT))) {
            Set<String> learned = learning(run, loader.epoch(0, 0).next());
            var wanted =
                    new HashSet<>(run.net().state().parameters().keySet()); // with those that serve the objective alone
            wanted.remove(WITHOUT_EFFECT);
            wanted.removeIf(name -> hangsOnTheData(run.net(), name));
            learned.removeIf(name -> hangsOnTheData(run.net(), name));
            assertThat(learned).containsExactlyInAnyOrderElementsOf(wanted);
        }
    }

    /** Weights that a batch of these images need not teach. */
    private static boolean hangsOnTheData(Module net, String name) {
        return !(net instanceof Layer)
                && (name.startsWith("tokenizer.") // has learned before, in a run of its own
                        // A map of a detector may have a head of its own, which learns where there are objects of its
                        // size.
                        || name.matches("head\\d\\.sides\\..*")
                        || name.startsWith("head.regression_head.module_list.")
                        || name.startsWith("head.classification_head.module_list.") // the hardest places alone count
                        || name.startsWith("backbone.extra."));
    }
}
