package dev.fovea.run;

import dev.fovea.io.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Something about one image of a data set that may be wrong.
 *
 * @param path the image's name in its data
 * @param part train, validation or test
 * @param kind what it is
 * @param score how much of it, in the unit of its kind
 * @param given the image's label
 * @param proposed the label it should perhaps have, or empty
 * @param action what {@code data clean} does about it
 * @param other the image that it is like, or empty
 */
public record Finding(
        String path, String part, Kind kind, double score, String given, String proposed, Action action, String other) {

    /** What may be wrong, in the order in which people should look. */
    public enum Kind {
        UNREADABLE("unreadable", "Files that cannot be read", ""),
        LABEL(
                "label",
                "Labels that are probably wrong",
                "A network that was not trained on the image gives its label less than the proposed one; the score is how much less, 0 to 1."),
        MISSING_BOX(
                "missing-box",
                "Objects that are probably not annotated",
                "A detector is sure of an object where no box is; the score is how sure, 0 to 1."),
        BOX_CLASS(
                "box-class",
                "Boxes of a class that is probably wrong",
                "A detector is sure of another class; the score is how sure, 0 to 1."),
        DOUBTFUL_BOX(
                "doubtful-box",
                "Boxes in which a detector finds nothing",
                "The score is 1 where it finds nothing there at all."),
        LOOSE_BOX(
                "loose-box",
                "Boxes that are probably drawn badly",
                "A detector is sure of the same object in a box that overlaps this one little; the score is how sure, 0 to 1."),
        CONTRADICTION("contradiction", "Identical images with different labels", "At most one of the labels is right."),
        LEAK(
                "leak",
                "Images of one part that are also in another",
                "Metrics on images that were trained on mean little; the score is the similarity, 1 for copies."),
        DUPLICATE("duplicate", "Identical images", "Each beside the first of its kind."),
        NEAR_DUPLICATE(
                "near-duplicate", "Images that look alike", "The score is the correlation of their thumbnails, to 1."),
        OUTLIER(
                "outlier",
                "Images unlike all others",
                "The score is the distance to the fifth nearest among all embeddings, 0 to 2."),
        DARK("dark", "Dark images", "The score is the mean brightness, 0 to 255."),
        BRIGHT("bright", "Bright images", "The score is the mean brightness, 0 to 255."),
        LOW_CONTRAST("low-contrast", "Images of little contrast", "The score is the standard deviation, of 255."),
        BLURRED(
                "blurred",
                "Blurred images",
                "The score is the variance of the Laplacian: low where nothing has an edge."),
        ODD_ASPECT("odd-aspect", "Images of an unusual shape", "The score is the width by the height."),
        ODD_SIZE("odd-size", "Images of an unusual size", "The score is the number of pixels."),
        BY_HAND("by-hand", "Images that somebody changed by hand", "");

        private final String word;
        private final String title;
        private final String meaning;

        Kind(String word, String title, String meaning) {
            this.word = word;
            this.title = title;
            this.meaning = meaning;
        }

        /** As in the list of findings. */
        public String word() {
            return word;
        }

        /** As people say it. */
        public String title() {
            return title;
        }

        /** What its score means, in a sentence or two. */
        public String meaning() {
            return meaning;
        }

        /** @throws IllegalArgumentException if there is none of that word */
        static Kind of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word.equals(word))
                    .findFirst()
                    .orElseThrow(() -> unknown(
                            "finding",
                            word,
                            Arrays.stream(values()).map(Kind::word).toList()));
        }
    }

    /** What is done about it. */
    public enum Action {
        /** Nothing. */
        KEEP,
        /** The image is left out. */
        REMOVE,
        /** The image gets the proposed label. */
        RELABEL;

        /** As in the list of findings. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException if there is none of that word */
        static Action of(String word) {
            return Arrays.stream(values())
                    .filter(action -> action.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> unknown(
                            "action",
                            word,
                            Arrays.stream(values()).map(Action::word).toList()));
        }
    }

    private static IllegalArgumentException unknown(String what, String word, List<String> known) {
        return new IllegalArgumentException("unknown %s '%s'%s there are %s"
                .formatted(what, word, Nearest.hint(word, known, ","), String.join(", ", known)));
    }
}
