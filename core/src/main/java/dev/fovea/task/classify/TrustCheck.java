package dev.fovea.task.classify;

import dev.fovea.data.Geometry;
import dev.fovea.explain.Explainer;
import dev.fovea.explain.Explainers;
import dev.fovea.explain.Faithfulness;
import dev.fovea.explain.HeatMap;
import dev.fovea.explain.SanityCheck;
import dev.fovea.image.Image;
import dev.fovea.report.Charts;
import dev.fovea.report.TrustSheet;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Whether an explanation of one image can be trusted: does the prediction depend on what the map says it depends on, beside random
 * maps, and does the map depend on what the network has learned?
 *
 * @param method of the map
 * @param label the class explained
 * @param own what was measured of the map
 * @param random the mean of five random maps
 * @param probability of the class, 0 to 1
 * @param blank its probability where the whole image is blank
 * @param beaten in which of deletion, insertion and ROAD the map is better than each of the random maps
 * @param layers how alike the map stays while layers get random weights, one after another from the last to the first
 * @param sane whether it changes
 * @param image of all this
 */
public record TrustCheck(
        String method,
        String label,
        Scores own,
        Scores random,
        double probability,
        double blank,
        List<String> beaten,
        List<Layer> layers,
        boolean sane,
        BufferedImage image) {

    /**
     * Of one map.
     *
     * @param deletion area under the deletion curve, 0 to 1, lower is better
     * @param insertion area under the insertion curve, 0 to 1, higher is better
     * @param road how much more probable the class stays without the lowest pixels than without the highest, -1 to 1,
     *     higher is better
     */
    public record Scores(double deletion, double insertion, double road) {

        static Scores of(Faithfulness measured) {
            return new Scores(measured.deletionArea(), measured.insertionArea(), measured.road());
        }
    }

    /**
     * One step of the sanity check.
     *
     * @param name of the first layer that is random by now
     * @param correlation rank correlation of the map with that of the trained network, -1 to 1
     */
    public record Layer(String name, double correlation) {}

    private static final int RANDOM_MAPS = 5;

    /** A map that beats random maps in fewer of the three measures is not to be relied on. */
    private static final int ENOUGH = 2;

    /** A class that is so many times as probable of a blank image does not rest on what is seen. */
    private static final double REST = 0.9;

    public TrustCheck {
        beaten = List.copyOf(beaten);
        layers = List.copyOf(layers);
    }

    /**
     * Of an image.
     *
     * @param method empty for the default
     * @param label empty for the predicted class
     * @throws IllegalArgumentException if it is for clips, or the method or the class is unknown
     */
    public static TrustCheck of(Classifier classifier, Image image, String method, String label) {
        if (classifier.clips()) {
            throw new IllegalArgumentException("check: is for explanations of images, this network sees clips");
        }
        Explainer explainer = Explainers.of(method, classifier.network().layer(), false);
        Image seen = classifier.config().preprocess().apply(image);
        String chosen = label.isEmpty() ? classifier.answer(seen).label() : label;
        float[][] map = classifier.explainSeen(seen, explainer.word(), chosen);
        Faithfulness own = classifier.faithfulness(seen, map, chosen);
        List<Faithfulness> drawn = IntStream.range(0, RANDOM_MAPS)
                .mapToObj(seed -> classifier.faithfulness(seen, Faithfulness.randomMap(map, seed), chosen))
                .toList();
        SanityCheck sanity = classifier.sanity(seen, explainer.word(), chosen);
        List<Layer> layers = sanity.steps().stream()
                .skip(1)
                .map(step -> new Layer(step.layer(), step.correlation()))
                .toList();
        Faithfulness mean = Faithfulness.average(drawn);
        var check = new TrustCheck(
                explainer.word(),
                chosen,
                Scores.of(own),
                Scores.of(mean),
                own.deletion().get(0),
                own.deletion().get(own.deletion().size() - 1),
                beaten(own, drawn),
                layers,
                sanity.passed(),
                new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
        BufferedImage large = HeatMap.enlarged(seen);
        return check.with(check.sheet(own, mean, sanity, large));
    }

    private TrustCheck with(BufferedImage drawn) {
        return new TrustCheck(method, label, own, random, probability, blank, beaten, layers, sane, drawn);
    }

    private static List<String> beaten(Faithfulness own, List<Faithfulness> drawn) {
        var beaten = new ArrayList<String>();
        if (drawn.stream().allMatch(one -> own.deletionArea() < one.deletionArea())) {
            beaten.add("deletion");
        }
        if (drawn.stream().allMatch(one -> own.insertionArea() > one.insertionArea())) {
            beaten.add("insertion");
        }
        if (drawn.stream().allMatch(one -> own.road() > one.road())) {
            beaten.add("ROAD");
        }
        return beaten;
    }

    /** Whether it beats random maps and depends on the network, and the class on the image. */
    public boolean trusted() {
        return sane && rests() && beaten.size() >= ENOUGH;
    }

    private boolean rests() {
        return blank < REST * probability;
    }

    /** In one sentence, whether this map can be trusted, and why. */
    public String verdict() {
        if (!sane) {
            return "No: the map stays much the same when the weights are random, so it shows what the image looks like, not "
                    + "what the network has learned.";
        }
        if (!rests()) {
            return String.format(
                    Locale.ROOT,
                    "No: of a blank image the class is %s probable (%.2f) as of this one (%.2f), so a map of what speaks for it says little.",
                    blank < probability ? "nearly as" : "at least as",
                    blank,
                    probability);
        }
        if (beaten.size() >= ENOUGH) {
            return "Yes: the prediction depends on the pixels that the map puts highest, and the map on what the network has learned.";
        }
        return "No: the prediction depends on the pixels that the map puts highest hardly more than on random ones.";
    }

    /** What was found, a line each. */
    public List<String> lines() {
        return List.of(
                "Can this map be trusted? " + verdict(),
                line("deletion", "blank pixels, the highest first, lower is better", own.deletion(), random.deletion()),
                line(
                        "insertion",
                        "pixels come back, the highest first, higher is better",
                        own.insertion(),
                        random.insertion()),
                line(
                        "ROAD",
                        "without the lowest minus without the highest pixels, imputed, higher is better",
                        own.road(),
                        random.road()),
                String.format(
                        Locale.ROOT,
                        "sanity check: with all weights random the map's rank correlation with this one is %.2f, %s",
                        layers.get(layers.size() - 1).correlation(),
                        sane ? "so the map depends on them" : "below 0.50 was wanted"));
    }

    private String line(String name, String meaning, double value, double random) {
        return String.format(
                Locale.ROOT,
                "%s (%s): %.3f, random maps %.3f%s",
                name,
                meaning,
                value,
                random,
                beaten.contains(name) ? ", better than all of them" : ", not better than all of them");
    }

    private BufferedImage sheet(Faithfulness measured, Faithfulness random, SanityCheck sanity, BufferedImage seen) {
        String probability = "probability of " + label;
        var sane = new LinkedHashMap<String, List<double[]>>();
        sane.put(
                "rank correlation",
                IntStream.range(0, sanity.steps().size())
                        .mapToObj(i -> new double[] {i, sanity.steps().get(i).correlation()})
                        .toList());
        List<BufferedImage> charts = List.of(
                Charts.fromZero(
                        "Deletion",
                        "share of pixels made blank, the highest first",
                        probability,
                        both(even(measured.deletion()), even(random.deletion()))),
                Charts.fromZero(
                        "Insertion",
                        "share of pixels back in a blurred image, the highest first",
                        probability,
                        both(even(measured.insertion()), even(random.insertion()))),
                Charts.fromZero("ROAD", "share of pixels imputed", probability, road(measured, random)),
                Charts.lines(
                        "Sanity check",
                        "steps of random layers, from the last to the first",
                        "correlation with the trained network",
                        sane));
        Geometry whole = Geometry.identity(new dev.fovea.image.Size(seen.getHeight(), seen.getWidth()));
        return new TrustSheet(
                        "Can this map be trusted? " + method + " for " + label,
                        lines(),
                        charts,
                        sanity.steps().stream()
                                .map(step -> HeatMap.plain(seen, step.map(), whole))
                                .toList(),
                        sanity.steps().stream()
                                .map(step -> List.of(
                                        step.layer().isEmpty() ? "trained" : "random from",
                                        step.layer().isEmpty()
                                                ? ""
                                                : String.format(
                                                        Locale.ROOT, "%s: %.2f", step.layer(), step.correlation())))
                                .toList())
                .draw();
    }

    private static Map<String, List<double[]>> both(List<double[]> map, List<double[]> random) {
        var lines = new LinkedHashMap<String, List<double[]>>();
        lines.put("this map", map);
        lines.put("random maps", random);
        return lines;
    }

    private static Map<String, List<double[]>> road(Faithfulness own, Faithfulness random) {
        var lines = new LinkedHashMap<String, List<double[]>>();
        lines.put("highest pixels first", points(Faithfulness.imputedShares(), own.most()));
        lines.put("lowest pixels first", points(Faithfulness.imputedShares(), own.least()));
        lines.put("random maps", points(Faithfulness.imputedShares(), random.most()));
        return lines;
    }

    private static List<double[]> points(List<Double> x, List<Double> y) {
        return IntStream.range(0, x.size())
                .mapToObj(i -> new double[] {x.get(i), y.get(i)})
                .toList();
    }

    private static List<double[]> even(List<Double> curve) {
        return IntStream.range(0, curve.size())
                .mapToObj(i -> new double[] {i / (curve.size() - 1.0), curve.get(i)})
                .toList();
    }
}
