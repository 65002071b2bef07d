package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Dataset;
import dev.fovea.data.MovingShapes;
import dev.fovea.data.ShapeScenes;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.data.TargetKind;
import dev.fovea.engine.Scope;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.run.RunSettings;
import dev.fovea.run.TrainingRun;
import dev.fovea.task.generate.Tokens;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedRecipesTest {

    private static final int BATCH = 4;
    private static final int SIDE = 32;

    @TempDir
    private Path folder;

    static Stream<Path> shipped() throws IOException {
        return Files.list(Path.of("../recipes")).filter(file -> file.toString().endsWith(".yaml"));
    }

    /** The recipe itself, on few and small images. */
    private static Recipe shrunk(Path file, String... more) {
        var settings = new ArrayList<>(List.of("batch=" + BATCH, "input.repeats=1", "selection.validation=0"));
        if (Tasks.ALL.recipes().read(file, List.of()).input().size().height() > SIDE) {
            settings.add("input.size=" + SIDE);
        }
        settings.addAll(List.of(more));
        return Tasks.ALL.recipes().read(file, settings);
    }

    private static Splits data(Recipe recipe) {
        boolean clips = Models.find(recipe.model()).stream()
                .anyMatch(entry -> entry.input().frames() > 1);
        TargetKind kind = recipe.task().targetKind();
        Dataset train = clips
                ? new MovingShapes(1, 3 * BATCH, SIDE, 16)
                : kind.tabular() || kind instanceof TargetKind.Boxes
                        ? new ShapeScenes(1, 3 * BATCH, SIDE, kind)
                        : new Shapes(
                                1,
                                3 * BATCH,
                                SIDE,
                                kind instanceof TargetKind.Pixels
                                        ? Shapes.Annotation.PIXEL_LABELS
                                        : Shapes.Annotation.LABEL);
        return Splits.trainOnly(train, List.of());
    }

    private TrainingRun.Result stepped(Recipe recipe, int steps) {
        var done = new AtomicInteger();
        return Tasks.ALL.train(
                recipe, data(recipe), RunSettings.in(folder, "run").withStop(() -> done.incrementAndGet() == steps));
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void survivesTwoSteps(Path file) {
        Recipe recipe = shrunk(file);
        if (recipe.task() instanceof Tokens) {
            Recipe tokenizer = shrunk(file.resolveSibling("digits-tokenizer.yaml"), "epochs=1");
            recipe = shrunk(file, "task.tokenizer=" + stepped(tokenizer, 0).folder());
        }
        TrainingRun.Result run = stepped(recipe, 2);
        assertThat(run.end()).isEqualTo(Listener.End.STOPPED);
        try (var scope = new Scope()) {
            assertThat(ModelPackage.read(run.folder().resolve("model"))
                            .net()
                            .state()
                            .notFinite())
                    .isEmpty();
        }
    }
}
