package dev.fovea.data;

import java.util.HashSet;
import java.util.List;

/** What is to be learned about each image: decides how a data set that says several things is read. */
public sealed interface TargetKind {

    /** One class. */
    TargetKind ONE_CLASS = new OneClass();

    /** Boxes with classes. */
    TargetKind BOXES = new Boxes(false, false);

    /** The class of every pixel. */
    TargetKind PIXELS = new Pixels();

    /** Whatever the data says: boxes where it has them, several labels where its labels are separated by {@link SeveralLabels#SEPARATOR}. */
    TargetKind ANY = new Any();

    /** One class, {@link Target.Label}. */
    record OneClass() implements TargetKind {}

    /** Found out from the data, for looking at it. */
    record Any() implements TargetKind {}

    /**
     * Any number of labels, {@link Target.Labels}.
     *
     * @param allowEmpty whether an empty cell says that an image has none, even where the heading of the column is no plural
     */
    record SeveralLabels(boolean allowEmpty) implements TargetKind {

        /** Between two labels in the cell of a table. */
        public static final char SEPARATOR = '|';
    }

    /**
     * Numbers, {@link Target.Values}.
     *
     * @param columns of a table, one or several; none for the only one that could be meant
     */
    record Numbers(List<String> columns) implements TargetKind {
        public Numbers {
            columns = List.copyOf(columns);
            if (new HashSet<>(columns).size() < columns.size()
                    || columns.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException(
                        "targets must be names of columns, each once, got " + String.join(", ", columns));
            }
        }
    }

    /**
     * Objects in their places, {@link Target.Objects}.
     *
     * @param masks whether their masks are wanted where the data has them
     * @param keypoints whether their keypoints are wanted where the data has them
     */
    record Boxes(boolean masks, boolean keypoints) implements TargetKind {}

    /** The class of every pixel, {@link Target.PixelLabels}. */
    record Pixels() implements TargetKind {}

    /** Whether it is about places in images. */
    default boolean places() {
        return this instanceof Boxes || this instanceof Pixels;
    }

    /** Whether only a table can say it. */
    default boolean tabular() {
        return this instanceof SeveralLabels || this instanceof Numbers;
    }
}
