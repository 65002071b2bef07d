package dev.fovea.task;

import dev.fovea.data.Augment;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.train.Recipe;
import java.util.List;
import java.util.stream.IntStream;

/** Parts of data for a quick look. */
public final class Subset {

    private Subset() {}

    /** The part to judge a model on: the test part, else the validation part, else all there is. */
    public static Dataset only(Splits splits) {
        if (splits.test().size() > 0) {
            return splits.test();
        }
        Dataset part = splits.validation().size() > 0 ? splits.validation() : splits.train();
        if (part.size() == 0) {
            throw new DataException("the data has no pictures to judge on");
        }
        return part;
    }

    /**
     * The pictures of some classes.
     *
     * @throws IllegalArgumentException if there is no class of one of these names
     */
    public static Splits ofClasses(Splits splits, List<String> names) {
        return new Splits(
                ofClasses(splits.train(), names),
                ofClasses(splits.validation(), names),
                ofClasses(splits.test(), names),
                splits.notes());
    }

    private static Dataset ofClasses(Dataset data, List<String> names) {
        List<Integer> kept =
                names.stream().map(name -> Classes.index(data.classes(), name)).toList();
        return data.subset(IntStream.range(0, data.size())
                .filter(i -> kept.contains(data.label(i)))
                .toArray());
    }

    /** The first {@code count} training pictures of an even draw over all, for training and validation alike. */
    public static Splits first(Splits splits, int count) {
        Dataset all = splits.train();
        int taken = Math.min(count, all.size());
        Dataset few = all.subset(IntStream.range(0, taken)
                .map(i -> (int) ((long) i * all.size() / taken))
                .toArray());
        return new Splits(few, few, splits.test(), splits.notes());
    }

    /** The recipe for a few pictures: no augmentation; one epoch only where {@code once}. */
    public static Recipe recipe(Recipe recipe, boolean once) {
        Recipe plain = recipe.withAugment(Augment.none());
        return once ? plain.withEpochs(1) : plain;
    }
}
