package dev.fovea.data;

import dev.fovea.engine.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Orders and choices of images; the same random numbers always give the same ones. */
public final class Order {

    private static final Seed SPREAD = new Seed(11);

    private Order() {}

    /**
     * At most {@code most} of {@code size} positions, one out of each of so many equal parts, always the same. Where
     * classes come in turn, every tenth position would always be of the same class.
     */
    public static int[] spread(int size, int most) {
        int taken = Math.min(size, most);
        SplittableRandom random = SPREAD.random();
        return IntStream.range(0, taken)
                .map(i -> random.nextInt((int) ((long) i * size / taken), (int) ((i + 1L) * size / taken)))
                .toArray();
    }

    /** The numbers from 0 to {@code size - 1}, shuffled (Fisher and Yates). */
    public static int[] shuffled(int size, SplittableRandom random) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /**
     * About as many draws as there are images, {@code group} of a class one after the other, all different where the class has so
     * many: classes in turn, each turn in another order, so that a batch holds several images of each of its classes. Classes of
     * one image have no second one to be compared with and are left out.
     *
     * @throws DataException if no class has two images
     */
    static int[] grouped(Dataset data, int group, SplittableRandom random) {
        List<List<Integer>> classes = members(data).stream()
                .filter(images -> images.size() > 1)
                .map(images -> shuffled(images, random))
                .toList();
        if (classes.isEmpty()) {
            throw new DataException(
                    "no class has two images, so that none can be compared with another of its class. Expected two or more of each");
        }
        int[] order = new int[data.size()];
        int[] next = new int[classes.size()];
        int[] turn = {};
        for (int i = 0; i < order.length; i++) {
            int at = i / group % classes.size();
            if (i % group == 0 && at == 0) {
                turn = shuffled(classes.size(), random);
            }
            List<Integer> images = classes.get(turn[at]);
            order[i] = images.get(next[turn[at]]++ % images.size());
        }
        return order;
    }

    private static List<Integer> shuffled(List<Integer> values, SplittableRandom random) {
        return Arrays.stream(shuffled(values.size(), random))
                .mapToObj(values::get)
                .toList();
    }

    private static List<List<Integer>> members(Dataset data) {
        var members = new TreeMap<Integer, List<Integer>>();
        for (int i = 0; i < data.size(); i++) {
            members.computeIfAbsent(data.stratum(i), s -> new ArrayList<>()).add(i);
        }
        return List.copyOf(members.values());
    }

    /** As many draws as there are images; classes are told apart by {@link Dataset#stratum}. */
    static int[] sampled(Dataset data, Sampling sampling, SplittableRandom random) {
        if (sampling == Sampling.INSTANCE_BALANCED) {
            return shuffled(data.size(), random);
        }
        List<List<Integer>> present = members(data);
        double[] upTo = new double[present.size()];
        double sum = 0;
        for (int c = 0; c < upTo.length; c++) {
            sum += sampling.weight(present.get(c).size());
            upTo[c] = sum;
        }
        int[] order = new int[data.size()];
        for (int i = 0; i < order.length; i++) {
            double drawn = sum * random.nextDouble();
            int c = 0;
            while (c < upTo.length - 1 && upTo[c] <= drawn) {
                c++;
            }
            List<Integer> of = present.get(c);
            order[i] = of.get(random.nextInt(of.size()));
        }
        return order;
    }
}
