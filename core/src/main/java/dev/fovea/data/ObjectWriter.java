package dev.fovea.data;

import dev.fovea.image.Size;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes images with boxes in one of the forms that can be read. */
interface ObjectWriter {

    /**
     * An image that is written.
     *
     * @param part train, validation or test
     * @param fileName of its own among all images
     * @param id a number of its own
     * @param objects in pixels
     * @param results all that a model has found, objects too small for data among them
     */
    record Written(
            String part, String fileName, Size size, long id, List<Annotation> objects, List<Annotation> results) {
        String stem() {
            return Voc.stem(fileName);
        }
    }

    /** What the form has no place for: how many objects lose what. */
    final class Losses {
        private final Map<String, Integer> counts = new LinkedHashMap<>();

        void add(String what) {
            counts.merge(what, 1, Integer::sum);
        }

        List<String> notes(String form) {
            return counts.entrySet().stream()
                    .map(loss -> String.format(
                            Locale.ROOT, "%s has no place for %s: %,d", form, loss.getKey(), loss.getValue()))
                    .toList();
        }
    }

    /** Where an image lies, below the folder of the data set. */
    String place(Written image);

    /** Takes an image whose file is already there. */
    void add(Written image, Losses losses) throws IOException;

    /** Writes what is about all images. */
    void finish() throws IOException;

    /** The word for a part that these forms use. */
    static String word(String part) {
        return part.equals("validation") ? "val" : part;
    }

    /** A file below a folder, whose own folder is made. */
    static Path made(Path folder, String place) throws IOException {
        Path file = folder.resolve(place);
        Files.createDirectories(file.getParent());
        return file;
    }

    /** A score of 0 to 1, with at most six digits. */
    static String score(double score) {
        return BigDecimal.valueOf(score)
                .setScale(6, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** Counts scores, which a form of true objects alone cannot hold. */
    static void countScores(List<Annotation> objects, Losses losses) {
        objects.forEach(object -> object.score().ifPresent(score -> losses.add("scores")));
    }

    /** Counts what a form of boxes alone cannot hold. */
    static void countBeyondBoxes(List<Annotation> objects, Losses losses) {
        for (Annotation object : objects) {
            if (object.outline().drawn()) {
                losses.add("masks");
            }
            object.keypoints().ifPresent(points -> losses.add("keypoints"));
        }
    }
}
