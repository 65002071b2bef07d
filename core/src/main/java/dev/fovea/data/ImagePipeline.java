package dev.fovea.data;

import dev.fovea.image.Fill;
import dev.fovea.image.Image;
import dev.fovea.image.Projective;
import dev.fovea.image.Sampler;
import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * From an image as it was read to what a network is shown, random changes on the way. Resizing and all geometric changes
 * are one resampling pass. Where those only move whole pixels, images are resized once, kept, and then only moved. What a
 * policy draws is done to that, in the order drawn; changes of place that follow each other are one pass.
 */
final class ImagePipeline {

    /** One of the things that are done to an image. */
    private sealed interface Step {}

    private record Move(Geometry geometry, Fill fill, int fillValue) implements Step {

        boolean still() {
            return geometry.from().equals(geometry.to()) && geometry.back().equals(Projective.IDENTITY);
        }
    }

    private record Change(PixelTransform transform) implements Step {}

    private record Operate(Operation operation, double magnitude) implements Step {}

    /**
     * What is done to one image.
     *
     * @param first the bringing to size and all geometric changes
     * @param steps what follows, in order
     */
    record Drawn(List<Move> first, List<Step> steps) {

        /** Where everything goes in the end. */
        Geometry geometry() {
            Geometry all = first.get(0).geometry();
            for (Move move : first.subList(1, first.size())) {
                all = all.then(move.geometry());
            }
            for (Step step : steps) {
                all = step instanceof Move move ? all.then(move.geometry()) : all;
            }
            return all;
        }
    }

    private final Preprocess preprocess;
    private final List<GeometricTransform> geometric;
    private final List<Transform> later;
    private final GeometricTransform.Crop crop;
    private final boolean patches;
    private final boolean prepares;

    /** @param training whether patches are taken at random */
    ImagePipeline(Preprocess preprocess, Augmentation augmentation, boolean training) {
        this(preprocess, augmentation, training, true);
    }

    /** @param oneSize whether images are shown in this size all along, so that they may be kept in it */
    ImagePipeline(Preprocess preprocess, Augmentation augmentation, boolean training, boolean oneSize) {
        this.preprocess = preprocess;
        later = augmentation.later();
        patches = training && preprocess.resize() == ResizePolicy.PATCH;
        List<GeometricTransform> all = augmentation.geometric();
        crop = !all.isEmpty() && all.get(0) instanceof GeometricTransform.Crop first ? first : null;
        geometric = all.subList(crop == null ? 0 : 1, all.size());
        prepares = oneSize
                && crop == null
                && !patches
                && geometric.stream().allMatch(GeometricTransform::movesWholePixels);
    }

    /** How images are brought to size. */
    Preprocess preprocess() {
        return preprocess;
    }

    /** Whether images are brought to size once, by {@link #ready}, and only moved after that. */
    boolean prepares() {
        return prepares;
    }

    /** Whether other parts of an image are taken each time, so that keeping it as it was read is all one can do. */
    boolean patches() {
        return patches;
    }

    /** Whether boxes, masks and labels of pixels can be moved along. */
    boolean displaces() {
        return later.stream().anyMatch(one -> one instanceof PixelTransform change && change.displaces());
    }

    /** An image in the state in which it may be kept: in the network's size, or at least its channels. */
    Image ready(Image read) {
        return prepares ? preprocess.apply(read) : preprocess.coloured(read);
    }

    /** Whether every image is always shown as it was prepared. */
    boolean still() {
        return prepares && geometric.isEmpty() && later.isEmpty();
    }

    /**
     * What is done to one image: the bringing to size, then all geometric changes, then the others.
     *
     * @param read the size of the image as it was read
     */
    Drawn draw(Size read, SplittableRandom random, GeometricTransform.Moment moment) {
        Size size = preprocess.size();
        var first = new ArrayList<Move>(geometric.size() + 1);
        first.add(new Move(base(read, random), Fill.CONSTANT, Preprocess.GREY));
        for (GeometricTransform transform : geometric) {
            first.add(new Move(transform.draw(size, random, moment), transform.fill(), transform.fillValue()));
        }
        var steps = new ArrayList<Step>(2 * later.size());
        for (Transform transform : later) {
            if (transform instanceof PixelTransform change) {
                steps.add(new Change(change));
            } else if (transform instanceof PolicyTransform policy) {
                for (PolicyTransform.Change drawn : policy.draw(size, random)) {
                    Operation operation = drawn.operation();
                    steps.add(
                            operation.moves()
                                    ? new Move(
                                            operation.geometry(size, drawn.magnitude()),
                                            policy.fill(),
                                            policy.fillValue())
                                    : new Operate(operation, drawn.magnitude()));
                }
            }
        }
        return new Drawn(first, steps);
    }

    /**
     * Makes what a network is shown.
     *
     * @param ready made by {@link #ready}
     * @param drawn by {@link #draw}
     * @param random for the changes of pixels
     * @param out gets the pixels, from {@code at} on
     */
    void apply(Image ready, Drawn drawn, SplittableRandom random, byte[] out, int at) {
        List<Move> first = drawn.first();
        List<Sampler.Step> moves = back(prepares ? first.subList(1, first.size()) : first);
        if (moves.isEmpty()) {
            System.arraycopy(ready.pixels(), 0, out, at, ready.pixels().length);
        } else {
            Sampler.of(moves, preprocess.size(), preprocess.filter(), preprocess.antialias())
                    .apply(ready, out, at);
        }
        var waiting = new ArrayList<Move>();
        for (Step step : drawn.steps()) {
            if (step instanceof Move move) {
                waiting.add(move);
            } else {
                move(waiting, out, at);
                change(step, random, out, at);
            }
        }
        move(waiting, out, at);
    }

    private void change(Step step, SplittableRandom random, byte[] out, int at) {
        if (step instanceof Change change) {
            change.transform().apply(out, at, preprocess.size(), preprocess.channels(), random);
        } else if (step instanceof Operate operate) {
            operate.operation().change(out, at, preprocess.size(), preprocess.channels(), operate.magnitude());
        }
    }

    /** From the output back to the image. */
    private static List<Sampler.Step> back(List<Move> moves) {
        var steps = new ArrayList<Sampler.Step>(moves.size());
        for (int i = moves.size() - 1; i >= 0; i--) {
            Move move = moves.get(i);
            if (!move.still()) {
                steps.add(move.geometry().step(move.fill(), move.fillValue()));
            }
        }
        return steps;
    }

    /** Moves what lies in {@code out} already, in one pass. */
    private void move(List<Move> moves, byte[] out, int at) {
        List<Sampler.Step> steps = back(moves);
        moves.clear();
        if (!steps.isEmpty()) {
            Sampler.bilinear(steps, preprocess.size()).apply(present(out, at), out, at);
        }
    }

    private Image present(byte[] out, int at) {
        int count = preprocess.height() * preprocess.width() * preprocess.channels();
        byte[] copy = Arrays.copyOfRange(out, at, at + count);
        return new Image(preprocess.width(), preprocess.height(), preprocess.channels(), copy);
    }

    private Geometry base(Size read, SplittableRandom random) {
        if (crop != null) {
            Geometry part = crop.draw(read, random);
            return part.then(Geometry.resize(part.to(), preprocess.size()));
        }
        return patches ? preprocess.patch(read, random.nextDouble(), random.nextDouble()) : preprocess.geometry(read);
    }
}
