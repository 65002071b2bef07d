package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.task.classify.Classifier;
import dev.fovea.task.generate.GenerationScore;
import dev.fovea.task.generate.Generator;
import dev.fovea.train.Recipe;
import java.util.List;

/**
 * The classification accuracy score of a generator: the accuracy on real images of a classifier that is trained on generated
 * ones alone.
 *
 * <p>Ravuri and Vinyals, <a href="https://arxiv.org/abs/1905.10887">Classification accuracy score for conditional generative
 * models</a>.
 */
public final class AccuracyScore {

    private AccuracyScore() {}

    /**
     * Generates images, trains on them and evaluates.
     *
     * @param classes that are asked for, those of {@code real}
     * @param real images that the generator was not trained on
     * @param student the recipe of the classifier
     * @return from 0 to 1
     * @throws IllegalArgumentException if the generator cannot be asked for a class, or {@code student} is for another task
     */
    public static double of(
            Generator generator, Generator.Request request, List<String> classes, Dataset real, Recipe student) {
        if (!generator.classConditional() || classes.isEmpty()) {
            throw new IllegalArgumentException(
                    "accuracy score: needs a class-conditional generator and a classifier whose classes have names");
        }
        GenerationScore.Sample made = GenerationScore.sample(generator, request, classes);
        var generated = Splits.trainOnly(Dataset.of(made.images(), classes, made.asked()), List.of());
        return Classifier.train(student.model(), generated, student)
                .evaluate(real)
                .result()
                .values()
                .get("accuracy");
    }
}
