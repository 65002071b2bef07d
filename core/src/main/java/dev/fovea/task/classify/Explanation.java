package dev.fovea.task.classify;

import dev.fovea.data.FrameSampling;
import dev.fovea.data.Geometry;
import dev.fovea.explain.Explainer;
import dev.fovea.explain.Explainers;
import dev.fovea.explain.FrameStrip;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Image;
import dev.fovea.report.ExplanationSheet;
import dev.fovea.run.Classes;
import dev.fovea.run.ProgressWatch;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which part of an image, or which frames of a clip, a classifier's prediction depends on.
 *
 * @param label the class explained
 * @param probability of that class, 0 to 1
 * @param methods by which it is explained, in the order of the image
 * @param overlays of each method its map over the image, which is enlarged if it is small; none of a clip
 * @param image the image with its most probable classes, the map of each method over it and alone, and what the colours mean;
 *     of a clip its frames with how much each mattered
 */
public record Explanation(
        String label, double probability, List<String> methods, List<BufferedImage> overlays, BufferedImage image) {

    /** Names all methods that fit a network. */
    public static final String ALL = "all";

    private static final double OPACITY = 0.65;
    private static final int BARS = 5;

    public Explanation {
        methods = List.copyOf(methods);
        overlays = List.copyOf(overlays);
    }

    /**
     * Of one class over an image file, over the part that the network takes: what its resizing cuts off stays as it is; or
     * of the frames of a clip.
     *
     * @param file an image, or a clip: a folder of numbered images, an animated GIF, a video
     * @param methods such as {@code grad-cam}, none for the default, {@link #ALL} for all that fit the network
     * @param label the class to explain; empty for the predicted one
     */
    public static Explanation of(Classifier classifier, Path file, List<String> methods, String label) {
        return of(classifier, file, methods, label, List.of());
    }

    /**
     * The same with rows of other images below.
     *
     * @param neighbours none, or the nearest training images
     */
    public static Explanation of(
            Classifier classifier, Path file, List<String> methods, String label, List<Neighbours> neighbours) {
        List<Explainer> explainers = explainers(classifier, methods);
        if (!classifier.clips()) {
            String name = String.valueOf(file.getFileName());
            return of(classifier, Image.read(file), name, explainers, label, neighbours, ProgressWatch.NONE);
        }
        Image seen = classifier.prepared(file);
        String chosen = label.isEmpty() ? classifier.answer(seen).label() : label;
        return new Explanation(
                chosen,
                classifier.share(seen, chosen),
                words(explainers),
                List.of(),
                frames(classifier, seen, "", chosen));
    }

    /** The frames of a clip with how much each mattered. */
    static BufferedImage frames(Classifier classifier, Image seen, String method, String label) {
        int frames = classifier.config().preprocess().frames().length();
        return FrameStrip.draw(
                FrameSampling.unstacked(seen, frames).stream()
                        .map(Image::toBufferedImage)
                        .toList(),
                classifier.explainSeen(seen, method, label)[0]);
    }

    /** The same of an image that is read already. */
    public static Explanation of(Classifier classifier, Image image, List<String> methods, String label) {
        return of(classifier, image, methods, label, ProgressWatch.NONE);
    }

    /** The same, watched. */
    static Explanation of(Classifier classifier, Image image, List<String> methods, String label, ProgressWatch watch) {
        return of(classifier, image, "image", explainers(classifier, methods), label, List.of(), watch);
    }

    private static Explanation of(
            Classifier classifier,
            Image image,
            String name,
            List<Explainer> explainers,
            String label,
            List<Neighbours> neighbours,
            ProgressWatch watch) {
        Prediction answer = classifier.predict(image);
        String chosen = label.isEmpty() ? answer.label() : label;
        double probability = classifier.probabilities(image)[Classes.index(classifier.classes(), chosen)];
        Geometry shown = classifier.config().preprocess().geometry(image.size());
        BufferedImage large = HeatMap.enlarged(image);
        var columns = new ArrayList<ExplanationSheet.Column>();
        for (Explainer explainer : explainers) {
            float[][] map = HeatMap.legible(classifier.explain(image, explainer.word(), chosen, watch));
            columns.add(new ExplanationSheet.Column(
                    explainer.word(), HeatMap.over(large, map, shown, OPACITY), HeatMap.plain(large, map, shown)));
        }
        BufferedImage sheet = new ExplanationSheet(
                        "Why " + chosen + "?",
                        String.format(Locale.ROOT, "%s: %s has probability %.3f", name, chosen, probability),
                        large,
                        bars(answer, chosen, probability),
                        columns,
                        HeatMap.legend("least", "most, of each map"),
                        neighbours.stream().map(Neighbours::row).toList())
                .draw();
        List<BufferedImage> overlays =
                columns.stream().map(ExplanationSheet.Column::overlay).toList();
        return new Explanation(chosen, probability, words(explainers), overlays, sheet);
    }

    /** The most probable classes, and the one explained if it is not among them. */
    private static List<ExplanationSheet.Bar> bars(Prediction answer, String chosen, double probability) {
        var bars = new ArrayList<ExplanationSheet.Bar>();
        answer.top().stream()
                .limit(BARS)
                .forEach(one -> bars.add(new ExplanationSheet.Bar(
                        one.label(), one.probability(), one.label().equals(chosen))));
        if (bars.stream().noneMatch(ExplanationSheet.Bar::marked)) {
            bars.add(new ExplanationSheet.Bar(chosen, probability, true));
        }
        return bars;
    }

    private static List<Explainer> explainers(Classifier classifier, List<String> methods) {
        return methods.equals(List.of(ALL))
                ? Explainers.fitting(classifier.network().layer(), classifier.clips())
                : (methods.isEmpty() ? List.of("") : methods)
                        .stream()
                                .map(word ->
                                        Explainers.of(word, classifier.network().layer(), classifier.clips()))
                                .distinct()
                                .toList();
    }

    private static List<String> words(List<Explainer> explainers) {
        return explainers.stream().map(Explainer::word).toList();
    }

    /** The methods that can explain {@code classifier}, its default first. */
    public static List<String> methods(Classifier classifier) {
        return words(Explainers.fitting(classifier.network().layer(), classifier.clips()));
    }

    /** Writes the image as PNG or JPEG, atomically. */
    public void write(Path file) {
        Image.write(file, image);
    }
}
