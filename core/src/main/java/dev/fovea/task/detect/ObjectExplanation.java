package dev.fovea.task.detect;

import dev.fovea.data.Box;
import dev.fovea.data.Geometry;
import dev.fovea.data.Preprocess;
import dev.fovea.explain.DRise;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Image;
import dev.fovea.io.Nearest;
import dev.fovea.report.ExplanationSheet;
import dev.fovea.report.ObjectDrawing;
import dev.fovea.run.OutputExplanation;
import dev.fovea.run.ProgressWatch;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Why a detector finds an object: the image with what was found, and the part of it that the detector needs for the one.
 *
 * @param name of the image, for the title
 * @param objects the detector's answer
 */
record ObjectExplanation(Detector detector, Image image, String name, List<DetectedObject> objects) {

    private static final double OPACITY = 0.65;
    private static final int BARS = 8;

    static ObjectExplanation of(Detector detector, Image image, String name) {
        return new ObjectExplanation(
                detector, image, name, detector.predict(image).objects());
    }

    /**
     * Of one object.
     *
     * @param wanted a class, for the most probable object of it; or the place of an object in the answer, from 1; or empty for the
     *     first
     * @throws IllegalArgumentException if there is no such object
     */
    OutputExplanation explain(String wanted, ProgressWatch watch) {
        int place = place(wanted);
        DetectedObject object = objects.get(place);
        Preprocess shown = detector.shown(image.size());
        Geometry geometry = shown.geometry(image.size());
        float[][] map = detector.passing((net, network) -> DRise.explain(
                net,
                network.normalized(shown.apply(image)),
                detector.classes().indexOf(object.label()),
                geometry.hull(object.box()),
                watch::at));
        float[][] legible = HeatMap.legible(map);
        BufferedImage overlay = overlay(object, legible, geometry);
        return new OutputExplanation(
                DRise.WORD, object.label(), object.score(), sheet(place, legible, geometry, overlay), overlay);
    }

    private int place(String wanted) {
        if (objects.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: nothing is found on it, so there is nothing to explain. Its scores are below the confidence of the model"
                            .formatted(name));
        }
        List<String> classes = detector.classes();
        if (wanted.isEmpty()) {
            return 0;
        }
        if (classes.contains(wanted)) {
            return IntStream.range(0, objects.size())
                    .filter(i -> objects.get(i).label().equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "%s: no %s is found on it, but %s".formatted(name, wanted, found())));
        }
        if (wanted.matches("\\d{1,6}")) {
            int place = Integer.parseInt(wanted);
            if (place < 1 || place > objects.size()) {
                throw new IllegalArgumentException(
                        "%s: expected an object from 1 to %s, got %s".formatted(name, objects.size(), place));
            }
            return place - 1;
        }
        throw new IllegalArgumentException("expected a class or the number of an object, got '%s'%s"
                .formatted(wanted, Nearest.hint(wanted, classes)));
    }

    private String found() {
        return new DetectedObjects(objects).text();
    }

    private BufferedImage overlay(DetectedObject object, float[][] map, Geometry geometry) {
        BufferedImage large = HeatMap.enlarged(image);
        double scale = large.getWidth() / (double) image.width();
        return ObjectDrawing.draw(
                HeatMap.over(large, map, geometry, OPACITY), List.of(marked(object, scale, object.label(), false)));
    }

    private BufferedImage sheet(int place, float[][] map, Geometry geometry, BufferedImage overlay) {
        DetectedObject object = objects.get(place);
        BufferedImage large = HeatMap.enlarged(image);
        double scale = large.getWidth() / (double) image.width();
        List<ObjectDrawing.Marked> all = IntStream.range(0, objects.size())
                .mapToObj(i -> marked(objects.get(i), scale, Integer.toString(i + 1), i != place))
                .toList();
        return new ExplanationSheet(
                        "Why " + object.label() + "?",
                        String.format(
                                Locale.ROOT,
                                "%s: object %d of %d, score %.3f%s",
                                name,
                                place + 1,
                                objects.size(),
                                object.score(),
                                objects.size() > BARS ? "; the first %s are listed".formatted(BARS) : ""),
                        ObjectDrawing.draw(large, all),
                        bars(place),
                        List.of(new ExplanationSheet.Column(DRise.WORD, overlay, HeatMap.plain(large, map, geometry))),
                        HeatMap.legend("least", "most"),
                        List.of())
                .draw();
    }

    private ObjectDrawing.Marked marked(DetectedObject object, double scale, String label, boolean dashed) {
        Box box = object.box();
        return new ObjectDrawing.Marked(
                new Box(box.left() * scale, box.top() * scale, box.right() * scale, box.bottom() * scale),
                detector.classes().indexOf(object.label()),
                label,
                dashed);
    }

    /** The most probable objects, and the one that is explained. */
    private List<ExplanationSheet.Bar> bars(int place) {
        return IntStream.range(0, objects.size())
                .filter(i -> i < BARS || i == place)
                .mapToObj(i -> new ExplanationSheet.Bar(
                        (i + 1) + " " + objects.get(i).label(), objects.get(i).score(), i == place))
                .toList();
    }
}
