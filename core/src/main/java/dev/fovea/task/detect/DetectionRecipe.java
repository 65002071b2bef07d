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
        Recipe usual = Records.with(
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
        return asks(base.model()) ? patient(usual) : usual;
    }

    /** Whether a network asks for objects by queries, which are matched with them anew in each step. */
    private static boolean asks(String model) {
        return Models.find(model)
                .map(entry -> entry.options().containsKey("queries"))
                .orElse(false);
    }

    /** As DETR's authors train it (Carion et al. 2020, section 4), but all weights at one rate: none is taken to be trained. */
    private static Recipe patient(Recipe usual) {
        return usual.withEpochs(300)
                .withOptimizer(new Optimizer.AdamW(1e-4, 0.9, 0.999, 1e-8, 1e-4))
                .withUpdate(new Recipe.Update(0.1, 1, 0.998, 0, 0));
    }

    /** With what the network's third head learns, where it has one. */
    private static Detection task(String model) {
        Object third =
                Models.find(model).map(entry -> entry.options().get("third")).orElse("");
        return new Detection(0, 0, third.equals("masks"), third.equals("keypoints"));
    }
}
