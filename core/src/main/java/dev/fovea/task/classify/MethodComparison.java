package dev.fovea.task.classify;

import dev.fovea.data.Dataset;
import dev.fovea.data.Geometry;
import dev.fovea.data.Mask;
import dev.fovea.data.Target;
import dev.fovea.explain.Explainer;
import dev.fovea.explain.Explainers;
import dev.fovea.explain.Faithfulness;
import dev.fovea.explain.Localization;
import dev.fovea.image.Image;
import dev.fovea.run.Classes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Which method explains a classifier best: the means of what is measured of each method's maps on images of the right
 * answer, and of random maps.
 *
 * @param images of how many images
 */
public record MethodComparison(int images, List<Row> rows) {

    /** What random maps are called. */
    public static final String RANDOM = "random";

    /**
     * One method.
     *
     * @param mass share of the map within the object, 0 to 1, NaN where the data says of no object where it is
     * @param pointing share of images in which the highest value lies on the object, NaN likewise
     * @param deletion area under the deletion curve, lower is better
     * @param insertion area under the insertion curve, higher is better
     * @param road how much more probable the class stays without the lowest pixels than without the highest, higher is
     *     better
     * @param seconds for one map
     */
    public record Row(
            String method,
            double mass,
            double pointing,
            double deletion,
            double insertion,
            double road,
            double seconds) {}

    public MethodComparison {
        rows = List.copyOf(rows);
    }

    /** Sums of one method. */
    private static final class Sums {

        private double mass;
        private int hits;
        private double seconds;
        private final List<Faithfulness> curves = new ArrayList<>();

        Row row(String method, boolean located) {
            Faithfulness mean = Faithfulness.average(curves);
            double count = curves.size();
            return new Row(
                    method,
                    located ? mass / count : Double.NaN,
                    located ? hits / count : Double.NaN,
                    mean.deletionArea(),
                    mean.insertionArea(),
                    mean.road(),
                    seconds / count);
        }
    }

    /**
     * Compares all methods that fit the classifier.
     *
     * @param data labelled images; masks of objects, where it has them, are used
     * @param count images of the right answer, those first that come first
     * @throws IllegalArgumentException if it is for clips, or no image has the right answer
     */
    public static MethodComparison of(Classifier classifier, Dataset data, int count) {
        if (classifier.clips()) {
            throw new IllegalArgumentException("comparison of methods: is for networks of images, this one sees clips");
        }
        Optional<Dataset> located = data.withObjects();
        Dataset matched = Classes.matched(data, classifier.classes());
        List<Explainer> methods = Explainers.fitting(classifier.network().layer(), false);
        var sums = new LinkedHashMap<String, Sums>();
        int images = 0;
        for (int i = 0; i < data.size() && images < count; i++) {
            Image image = matched.image(i);
            Image seen = classifier.config().preprocess().apply(image);
            String truth = classifier.classes().get(matched.label(i));
            if (!classifier.answer(seen).label().equals(truth)) {
                continue;
            }
            images++;
            int index = i;
            Geometry shown = classifier.config().preprocess().geometry(image.size());
            Optional<Mask> object =
                    located.flatMap(all -> mask(all.target(index))).map(mask -> shown.apply(mask, 0));
            float[][] drawn = {};
            for (Explainer method : methods) {
                long began = System.nanoTime();
                float[][] map = classifier.explainSeen(seen, method.word(), truth);
                Sums sum = sums.computeIfAbsent(method.word(), m -> new Sums());
                sum.seconds += (System.nanoTime() - began) / 1e9;
                add(sum, classifier, seen, truth, map, object);
                drawn = drawn.length == 0 ? Faithfulness.randomMap(map, index) : drawn;
            }
            add(sums.computeIfAbsent(RANDOM, m -> new Sums()), classifier, seen, truth, drawn, object);
        }
        if (images == 0) {
            throw new IllegalArgumentException(
                    "comparison of methods: the classifier is right about no image of the data");
        }
        var rows = new ArrayList<Row>();
        sums.forEach((method, sum) -> rows.add(sum.row(method, located.isPresent())));
        return new MethodComparison(images, rows);
    }

    private static void add(
            Sums sum, Classifier classifier, Image seen, String truth, float[][] map, Optional<Mask> object) {
        sum.curves.add(classifier.faithfulness(seen, map, truth));
        object.map(mask -> Localization.of(map, mask)).ifPresent(place -> {
            sum.mass += place.mass();
            sum.hits += place.pointing() ? 1 : 0;
        });
    }

    private static Optional<Mask> mask(Target target) {
        return target instanceof Target.Objects objects && !objects.masks().isEmpty()
                ? Optional.of(objects.masks().get(0))
                : Optional.empty();
    }
}
