package dev.fovea.examples;

import dev.fovea.data.Folder;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import dev.fovea.task.classify.Prediction;
import java.nio.file.Path;

/** Trains a classifier on a folder of photographs, saves it, and asks the saved one. */
public final class FirstClassifier {

    private FirstClassifier() {}

    public static void main(String... args) {
        var flowers = Folder.of(Path.of("flowers")); // one folder per class
        var split = flowers.split(0.8, 0.1, 0.1); // stratified, no image in two parts
        var recipe = Tasks.ALL.recipe("folder-cnn").withEpochs(10);
        var classifier = Classifier.train("folder-cnn", split, recipe);
        classifier.report(Path.of("report")); // report/report.html, images, metrics.csv
        classifier.save(Path.of("flowers-model"));
        Prediction best = Classifier.load(Path.of("flowers-model")).predict(Path.of("rose.jpg"));

        System.out.println(best.label() + " " + best.probability());
        System.out.println(classifier.evaluate(split.test()).result().accuracy());
    }
}
