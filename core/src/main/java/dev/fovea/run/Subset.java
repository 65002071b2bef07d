package dev.fovea.run;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.LabelNoise;
import dev.fovea.data.Order;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.engine.Seed;
import dev.fovea.optim.Schedule;
import dev.fovea.train.Recipe;
import dev.fovea.train.Transfer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Parts of data for a quick look. */
public final class Subset {

    /** Key of the random numbers of {@link #few}, beside those of loaders and splits. */
    private static final long FEW = 4;

    private static final long LONG_TAIL = 6;

    /** Updates after which a working network overfits a few batches. */
    private static final int OVERFIT_STEPS = 300;

    private Subset() {}

    /** The part to evaluate a model on: the test part, else the validation part, else all there is. */
    public static Dataset only(Splits splits) {
        if (splits.test().size() > 0) {
            return splits.test();
        }
        Dataset part = splits.validation().size() > 0 ? splits.validation() : splits.train();
        if (part.size() == 0) {
            throw new DataException("the data has no images to evaluate on");
        }
        return part;
    }

    /** The name of the part that {@link #only} is: test, validation or train. */
    public static String part(Splits splits) {
        return splits.test().size() > 0 ? "test" : splits.validation().size() > 0 ? "validation" : "train";
    }

    /**
     * The images of some classes, which are all that it has then.
     *
     * @throws IllegalArgumentException if there is no class of one of these names
     */
    public static Splits ofClasses(Splits splits, List<String> names) {
        return new Splits(
                ofClasses(splits.train(), names),
                ofClasses(splits.validation(), names),
                ofClasses(splits.test(), names),
                splits.notes(),
                kept(splits));
    }

    private static Dataset ofClasses(Dataset data, List<String> names) {
        List<Integer> kept = names.stream()
                .map(name -> Classes.inData(data, name))
                .sorted()
                .distinct()
                .toList();
        Dataset some = data.subset(IntStream.range(0, data.size())
                .filter(i -> kept.contains(data.label(i)))
                .toArray());
        return Classes.counted(some, kept.stream().map(data.classes()::get).toList());
    }

    /** What a run keeps of the data of a part of its images: all but the list of wrong labels, which is of all of them. */
    private static Map<String, String> kept(Splits splits) {
        var files = new HashMap<>(splits.files());
        files.remove(LabelNoise.FILE);
        return files;
    }

    /** At most so many images, spread over all. */
    public static Dataset evenly(Dataset all, int most) {
        return all.subset(Order.spread(all.size(), most));
    }

    /**
     * At most so many training images of each class, drawn at random; the other parts stay whole.
     *
     * @param seed of the draw
     */
    public static Splits few(Splits splits, int perClass, long seed) {
        Dataset train = oneClassEach("a number of images of each class", splits);
        int[] taken = new int[train.classes().size()];
        SplittableRandom random = new Seed(seed).derive(FEW).random();
        int[] kept = Arrays.stream(Order.shuffled(train.size(), random))
                .filter(i -> taken[train.label(i)]++ < perClass)
                .sorted()
                .toArray();
        return new Splits(train.subset(kept), splits.validation(), splits.test(), splits.notes(), kept(splits));
    }

    /** The training part, if {@code asked} can be had of it. */
    private static Dataset oneClassEach(String asked, Splits splits) {
        Dataset train = splits.train();
        if (train.size() > 0 && !(train.target(0) instanceof Target.Label)) {
            throw new DataException(
                    "%s can be taken of images with one class each, those of this data (%s) have other targets. Leave it out, or give data with fewer images"
                            .formatted(asked, train.name(0)));
        }
        return train;
    }

    /**
     * Training images of which each class has fewer than the one before, the last one {@code imbalance} times fewer than the
     * first, falling exponentially (Cui et al. 2019); the other parts stay whole.
     *
     * @param imbalance images of the first class for one of the last, at least 1
     * @param seed of the draw
     */
    public static Splits longTailed(Splits splits, double imbalance, long seed) {
        Dataset train = oneClassEach("an imbalance of classes", splits);
        int classes = train.classes().size();
        int most = Arrays.stream(train.counts()).max().orElse(0);
        int[] left = IntStream.range(0, classes)
                .map(c -> (int) Math.max(1, most * Math.pow(imbalance, -c / Math.max(1.0, classes - 1.0))))
                .toArray();
        SplittableRandom random = new Seed(seed).derive(LONG_TAIL).random();
        int[] kept = Arrays.stream(Order.shuffled(train.size(), random))
                .filter(i -> left[train.label(i)]-- > 0)
                .sorted()
                .toArray();
        return new Splits(train.subset(kept), splits.validation(), splits.test(), splits.notes(), kept(splits));
    }

    /**
     * With more training images; a validation part is split off first where there is none, so that it has none of
     * these.
     *
     * @param validation share of the training part
     * @throws IllegalArgumentException if {@code more} has a class that the data does not have
     */
    public static Splits withMore(Splits splits, Dataset more, double validation, long seed) {
        Splits ready = splits.heldOut(validation, seed);
        Dataset matched = Classes.matched(more, splits.train().classes());
        return new Splits(ready.train().and(matched), ready.validation(), ready.test(), ready.notes(), kept(ready));
    }

    /** The first {@code count} training images of an even draw over all, for training and validation alike. */
    public static Splits first(Splits splits, int count) {
        Dataset few = evenly(splits.train(), count);
        return new Splits(few, few, splits.test(), splits.notes(), kept(splits));
    }

    /** The recipe for a look at whether all works: one epoch without augmentation. */
    public static Recipe once(Recipe recipe) {
        return recipe.withoutAugmentation().withEpochs(1);
    }

    /**
     * The recipe to overfit {@code batches} batches: without augmentation, weight decay, weight
     * averages, an early end, a falling rate and layers that learn later, the last epoch kept, each image repeated as often as a working network
     * needs for it. Dropout is not the recipe's: {@link RunSettings#withOverfit}.
     */
    public static Recipe overfit(Recipe recipe, int batches) {
        Recipe.Update update = recipe.update();
        Recipe.Input input = recipe.input();
        long steps = (long) recipe.epochs() * batches * input.repeats();
        int more = (int) Math.max(1, (OVERFIT_STEPS + steps - 1) / steps);
        return recipe.withOptimizer(recipe.optimizer().withoutDecay())
                .withoutAugmentation()
                .withSchedule(Schedule.constant())
                .withInput(input.withRepeats(input.repeats() * more))
                .withUpdate(new Recipe.Update(update.gradientClip(), update.accumulate(), 0, 0, 0))
                .withTransfer(new Transfer(0, 0, 1, 1, recipe.transfer().fixedNorms()))
                .withSelection(new Recipe.Selection(recipe.selection().validation(), 0, Recipe.Keep.LAST));
    }
}
