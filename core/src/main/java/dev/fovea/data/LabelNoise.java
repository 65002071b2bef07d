package dev.fovea.data;

import dev.fovea.engine.Seed;
import dev.fovea.image.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Wrong labels made on purpose, to see what they do to a training and whether they are found. */
public final class LabelNoise {

    /** The file beside a run that lists them: {@code name,true,given}. */
    public static final String FILE = "flipped-labels.csv";

    /** Key of the random numbers, beside those of loaders, splits and draws. */
    private static final long FLIPS = 5;

    private LabelNoise() {}

    /**
     * Training images of which a share has another label, any other class being equally likely (symmetric noise); the other
     * parts stay as they are. A validation part that is split off later has its share of wrong labels, as in real data.
     *
     * @param share of the training images, 0 to below 1
     * @param seed of the draw
     */
    public static Splits symmetric(Splits splits, double share, long seed) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "label noise: a share of the training images from 0 to below 1 can be wrong, got " + share);
        }
        Dataset train = splits.train();
        int classes = train.classes().size();
        if (classes < 2) {
            throw new DataException("label noise: needs at least 2 classes, the data has " + classes);
        }
        SplittableRandom random = new Seed(seed).derive(FLIPS).random();
        int[] labels = IntStream.range(0, train.size()).map(train::label).toArray();
        int[] order = Order.shuffled(train.size(), random);
        int count = (int) Math.round(share * train.size());
        var rows = new ArrayList<String>();
        for (int i : IntStream.of(order).limit(count).sorted().toArray()) {
            int other = (labels[i] + 1 + random.nextInt(classes - 1)) % classes;
            rows.add(String.join(
                    ",",
                    quoted(train.name(i)),
                    quoted(train.classes().get(labels[i])),
                    quoted(train.classes().get(other))));
            labels[i] = other;
        }
        var notes = new ArrayList<>(splits.notes());
        notes.add(String.format(
                Locale.ROOT,
                "%,d of %,d training images have a wrong label on purpose, listed in %s",
                count,
                train.size(),
                FILE));
        return new Splits(
                new Relabelled(train, labels),
                splits.validation(),
                splits.test(),
                notes,
                Map.of(
                        FILE,
                        "name,true,given\n"
                                + String.join(
                                        "", rows.stream().map(row -> row + "\n").toList())));
    }

    private static String quoted(String text) {
        return text.matches("[^,\"\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /** A data set with other labels. */
    private record Relabelled(Dataset all, int[] labels) implements Dataset {
        @Override
        public List<String> classes() {
            return all.classes();
        }

        @Override
        public int size() {
            return all.size();
        }

        @Override
        public Target target(int index) {
            return new Target.Label(labels[index]);
        }

        @Override
        public String name(int index) {
            return all.name(index);
        }

        @Override
        public Image image(int index) {
            return all.image(index);
        }

        @Override
        public boolean clips() {
            return all.clips();
        }

        @Override
        public int frames(int index) {
            return all.frames(index);
        }

        @Override
        public List<Image> frames(int index, int... positions) {
            return all.frames(index, positions);
        }

        @Override
        public void check(int index) {
            all.check(index);
        }

        @Override
        public long bytes(int index) {
            return all.bytes(index);
        }

        @Override
        public long fingerprint(int index) {
            return all.fingerprint(index);
        }
    }
}
