package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.Reason;
import dev.fovea.metrics.ClassificationResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * How good a classifier is on labelled images.
 *
 * @param result all metrics, the confusion matrix among them
 * @param mistakes misclassified images, the most confident first, at most 64
 * @param predictions, one for each image, in the order of the data
 */
public record Evaluation(ClassificationResult result, List<Mistake> mistakes, List<Answer> answers) {

    /**
     * The true and the predicted class of an image.
     *
     * @param index of the image in the data
     * @param truth its class
     * @param answer the most probable class
     * @param probability of that class, 0 to 1
     */
    public record Answer(int index, String truth, String answer, double probability) {}

    /**
     * A misclassified image.
     *
     * @param index of the image in the data
     * @param truth its class
     * @param predicted the predicted class
     * @param probability of the predicted class, 0 to 1
     */
    public record Mistake(int index, String truth, String predicted, double probability) {}

    public Evaluation {
        mistakes = List.copyOf(mistakes);
        answers = List.copyOf(answers);
    }

    /**
     * Writes one row an image: {@code file,truth,answer,probability}.
     *
     * @param data what was evaluated
     */
    public void writeCsv(Path file, Dataset data) {
        var text = new StringBuilder();
        try (var csv = new CSVPrinter(text, CSVFormat.DEFAULT)) {
            csv.printRecord("file", "truth", "answer", "probability");
            for (Answer answer : answers) {
                csv.printRecord(data.name(answer.index()), answer.truth(), answer.answer(), answer.probability());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written (" + Reason.of(e) + ")", e);
        }
        AtomicFile.write(file, text.toString());
    }
}
