package dev.fovea.run.answers;

import java.util.List;
import java.util.Map;

/**
 * What a model answered about every image of some data whose targets are known. Images that could not be read are not among them. All that
 * is said of them is computed from these values alone, without the network.
 */
public sealed interface Answers permits ClassAnswers, LabelAnswers, ObjectAnswers, PixelAnswers, MeasuredAnswers {

    /** That the model knows. */
    List<String> classes();

    /** One for each answer, in the order of the data. */
    List<ImageFacts> images();

    /** By the names of the command line's JSON; those that cannot be said of these images are left out. */
    Map<String, Double> metrics();

    /** What is judged as right or wrong, one by one: images, or objects in them. */
    Cases cases();

    /**
     * What is judged one by one.
     *
     * @param images of each its image, as a position among {@link Answers#images}
     * @param values of each answer
     * @param columns what is known of each
     * @param scale how good an answer of such a value is
     */
    record Cases(List<Integer> images, List<Double> values, List<Column> columns, Scale scale) {

        public Cases {
            images = List.copyOf(images);
            values = List.copyOf(values);
            columns = List.copyOf(columns);
        }

        /** Of answers that are judged from 0 to 1. */
        Cases(List<Integer> images, List<Double> values, List<Column> columns) {
            this(images, values, columns, Scale.SHARE);
        }
    }

    /**
     * The parts of the answers by what is known of their images, so that those where the model is weak stand out.
     *
     * @param more what else is known of each image, as of {@link #images}
     */
    default List<Slice> slices(List<Column> more) {
        Cases cases = cases();
        var columns = new java.util.ArrayList<>(cases.columns());
        int count = cases.images().size();
        ImageFacts.columns(images()).forEach(column -> columns.add(column.of(count, cases.images()::get)));
        more.stream().filter(Column::tellsApart).forEach(column -> columns.add(column.of(count, cases.images()::get)));
        return Slices.of(cases.values(), columns, cases.scale());
    }
}
