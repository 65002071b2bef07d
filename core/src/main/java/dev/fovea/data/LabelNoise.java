package dev.fovea.data;

import dev.fovea.engine.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

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
        if (train.classes().size() < 2) {
            throw new DataException("label noise: needs at least 2 classes, the data has "
                    + train.classes().size());
        }
        List<Integer> labels = flipped(train, share, new Seed(seed).derive(FLIPS));
        int[] wrong = IntStream.range(0, train.size())
                .filter(i -> labels.get(i) != train.label(i))
                .toArray();
        var notes = new ArrayList<>(splits.notes());
        notes.add(String.format(
                Locale.ROOT,
                "%,d of %,d training images have a wrong label on purpose, listed in %s",
                wrong.length,
                train.size(),
                FILE));
        var files = new HashMap<>(splits.files());
        files.put(FILE, listed(train, labels, wrong));
        return new Splits(new Relabelled(train, labels), splits.validation(), splits.test(), notes, files);
    }

    /**
     * The labels of all images, a share of which are another class, any being equally likely; those of data of one class stay
     * as they are.
     */
    public static List<Integer> flipped(Dataset data, double share, Seed seed) {
        SplittableRandom random = seed.random();
        int classes = data.classes().size();
        Integer[] labels = IntStream.range(0, data.size()).mapToObj(data::label).toArray(Integer[]::new);
        int count = classes < 2 ? 0 : (int) Math.round(share * labels.length);
        int[] order = Order.shuffled(labels.length, random);
        for (int i : IntStream.of(order).limit(count).sorted().toArray()) {
            labels[i] = (labels[i] + 1 + random.nextInt(classes - 1)) % classes;
        }
        return List.of(labels);
    }

    private static String listed(Dataset data, List<Integer> labels, int[] wrong) {
        var text = new StringBuilder();
        try (var csv = new CSVPrinter(
                text, CSVFormat.RFC4180.builder().setRecordSeparator('\n').get())) {
            csv.printRecord("name", "true", "given");
            for (int i : wrong) {
                csv.printRecord(
                        data.name(i),
                        data.classes().get(data.label(i)),
                        data.classes().get(labels.get(i)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
