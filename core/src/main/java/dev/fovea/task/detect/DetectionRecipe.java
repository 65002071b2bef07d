package dev.fovea.task.detect;

import dev.fovea.data.GeometricTransform;
import dev.fovea.data.ResizePolicy;
import dev.fovea.data.Transform;
import dev.fovea.image.Fill;
import dev.fovea.io.Records;
import dev.fovea.models.Models;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Schedule;
import dev.fovea.train.Recipe;
import java.util.List;
import java.util.Map;

/** What detectors are trained with where a recipe says nothing else. */
final class DetectionRecipe {

    private DetectionRecipe() {}

    static Recipe start(Recipe base) {
        Recipe.Input input =
                Records.with(base.input(), Map.of("resize", ResizePolicy.FIT, "normalize", Recipe.Normalize.IMAGENET));
        List<Transform> augment = List.of(
                GeometricTransform.Flip.horizontal(),
                new GeometricTransform.Zoom(List.of(0.6, 1.5), Fill.CONSTANT, 114),
                new GeometricTransform.Translate(0.1, 0.1, Fill.CONSTANT, 114));
        return Records.with(
                base.withTask(task(base.model())),
                Map.of(
                        "input",
                        input,
                        "epochs",
                        60,
                        "batch",
                        16,
                        "optimizer",
                        Optimizer.adamW(1e-3),
                        "schedule",
                        new Schedule.Cosine(100, 0.05),
                        "augment",
                        augment,
                        "update",
                        new Recipe.Update(10, 1, 0.998, 0, 0)));
    }

    /** With what the network's third head learns, where it has one. */
    private static Detection task(String model) {
        Object third =
                Models.find(model).map(entry -> entry.options().get("third")).orElse("");
        return new Detection(0, 0, third.equals("masks"), third.equals("keypoints"));
    }
}
