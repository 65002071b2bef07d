package dev.fovea.task;

import dev.fovea.data.Box;
import dev.fovea.data.DrawnObject;
import dev.fovea.data.Mask;
import dev.fovea.data.MaskPolygons;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import dev.fovea.task.detect.DetectedObject;
import dev.fovea.task.detect.DetectedObjects;
import dev.fovea.task.segment.SegmentedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a detector or a segmenter sees in images, for people to take over into the data: boxes, outlines as polygons, and how sure the
 * model is. Thread-safe.
 */
public final class Proposals {

    /** No surer ones are left out: people choose. */
    private static final double LEAST = 0.05;

    /** Pieces of a class of pixels that are smaller are left out, as a share of the image. */
    private static final double LEAST_PIECE = 0.0005;

    private static final String BACKGROUND = "background";

    /**
     * An object that a model proposes.
     *
     * @param score how sure the model is, 0 to 1; empty of a segmenter, which does not say
     * @param box in pixels of the image
     * @param polygons around its pieces, x and y of the corners by turns; none of a model that finds boxes alone
     */
    public record Proposal(String label, Optional<Double> score, Box box, List<List<Double>> polygons) {
        public Proposal {
            polygons = polygons.stream().map(List::copyOf).toList();
        }
    }

    private final Predictor predictor;

    private Proposals(Predictor predictor) {
        this.predictor = predictor;
    }

    /** Whether the model of a run or package tells where something is. */
    public static boolean possible(Path model) {
        return Tasks.ALL.targetKind(model).places();
    }

    /** Whether such a model also tells how sure it is: a detector does, a segmenter does not. */
    public static boolean scored(Path model) {
        return Tasks.ALL.targetKind(model) instanceof TargetKind.Boxes;
    }

    /**
     * Those of a run or package.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is for another task
     */
    public static Proposals load(Path model, String device) {
        return new Proposals(Tasks.ALL.load(model, device).predictor());
    }

    /** Those of a model that is loaded already. */
    public static Proposals of(Predictor predictor) {
        return new Proposals(predictor);
    }

    /**
     * The objects of an image, the surest first.
     *
     * @param tolerance how far a polygon may be from the edge of a mask, in pixels
     * @throws IllegalArgumentException if the model does not tell where something is
     */
    public List<Proposal> of(Image image, double tolerance) {
        Predictor.Answer answer = answer(image);
        if (answer instanceof DetectedObjects found) {
            return found.objects().stream()
                    .map(object -> proposal(object, tolerance))
                    .toList();
        }
        if (answer instanceof SegmentedImage told) {
            return pieces(told, tolerance);
        }
        throw new IllegalArgumentException(
                "this model does not tell where something is. Expected one for detection or segmentation");
    }

    private Predictor.Answer answer(Image image) {
        Predictor asked = predictor;
        try {
            asked = predictor.withConfidence(LEAST);
        } catch (IllegalArgumentException e) {
            // it is none that finds objects
        }
        return asked.predictAll(List.of(image)).get(0);
    }

    private static Proposal proposal(DetectedObject object, double tolerance) {
        return new Proposal(
                object.label(),
                Optional.of(object.score()),
                object.box(),
                object.mask()
                        .map(mask -> MaskPolygons.of(mask.mask(), tolerance, 1))
                        .orElse(List.of()));
    }

    /** Each piece of each class but the background by itself, the largest first. */
    private static List<Proposal> pieces(SegmentedImage told, double tolerance) {
        double least = LEAST_PIECE * told.mask().values().length;
        var proposals = new ArrayList<Proposal>();
        for (SegmentedImage.Region region : told.regions()) {
            if (region.label().equals(BACKGROUND)) {
                continue;
            }
            Mask mask = region.mask().mask();
            for (List<Double> polygon : MaskPolygons.of(mask, tolerance, least)) {
                proposals.add(new Proposal(
                        region.label(), Optional.empty(), DrawnObject.around(List.of(polygon)), List.of(polygon)));
            }
        }
        return proposals;
    }
}
