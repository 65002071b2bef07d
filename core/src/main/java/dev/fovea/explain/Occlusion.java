package dev.fovea.explain;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import java.util.ArrayList;

/**
 * Occlusion (Zeiler and Fergus 2013, <a href="https://arxiv.org/abs/1311.2901">1311.2901</a>): by how much the probability of
 * the class falls when a square of the image is blank, of its mean colour.
 */
public final class Occlusion implements Explainer {

    private static final int AT_ONCE = 32;

    /** Squares along the shorter side, half of each over the next, where no patch is named. */
    private static final int ALONG = 4;

    private final int patch;

    /** With squares of a quarter of the shorter side. */
    public Occlusion() {
        this(0);
    }

    /** @param patch side of a square, in pixels of what the network sees; 0 for a quarter of the shorter side */
    public Occlusion(int patch) {
        if (patch < 0) {
            throw new IllegalArgumentException("occlusion: patch must be positive, got patch=" + patch);
        }
        this.patch = patch;
    }

    @Override
    public String word() {
        return "occlusion";
    }

    @Override
    public String needs() {
        return "images as its input";
    }

    @Override
    public boolean fits(Layer net) {
        return true;
    }

    /** @throws IllegalArgumentException if the image is not larger than a patch */
    @Override
    public float[][] explain(Layer net, Tensor input, int label) {
        return explain(net, input, label, Progress.NONE);
    }

    /** @throws IllegalArgumentException if the image is not larger than a patch */
    @Override
    public float[][] explain(Layer net, Tensor input, int label, Progress progress) {
        long height = input.size(2);
        long width = input.size(3);
        long shorter = Math.min(height, width);
        long side = patch > 0 ? patch : Math.max(1, shorter / ALONG);
        if (side >= shorter && shorter > 1) {
            throw new IllegalArgumentException(
                    "occlusion: patch must be smaller than the image, got patch=%s of an image of %sx%s"
                            .formatted(side, width, height));
        }
        int rows = (int) ((2 * height + side - 1) / side);
        int columns = (int) ((2 * width + side - 1) / side);
        float[] drops = new float[rows * columns];
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor blank = Blank.of(input);
            float whole = probabilities(net, input, label)[0];
            for (int from = 0; from < drops.length; from += AT_ONCE) {
                progress.at(from, drops.length);
                int count = Math.min(AT_ONCE, drops.length - from);
                try (var batch = new Scope()) {
                    var hidden = new ArrayList<Tensor>();
                    for (int i = from; i < from + count; i++) {
                        double y = (i / columns + 0.5) * height / rows;
                        double x = (i % columns + 0.5) * width / columns;
                        hidden.add(without(input, blank, y - side / 2.0, x - side / 2.0, side));
                    }
                    float[] left = probabilities(net, Tensor.cat(hidden, 0), label);
                    for (int i = 0; i < count; i++) {
                        drops[from + i] = whole - left[i];
                    }
                }
            }
            return Grid.positive(Tensor.of(drops, rows, columns));
        }
    }

    private static Tensor without(Tensor input, Tensor blank, double top, double left, long side) {
        long fromY = Math.max(0, Math.round(top));
        long fromX = Math.max(0, Math.round(left));
        long toY = Math.min(input.size(2), Math.round(top) + side);
        long toX = Math.min(input.size(3), Math.round(left) + side);
        Tensor copy = input.copy();
        cut(copy, fromY, toY, fromX, toX).copy_(cut(blank, fromY, toY, fromX, toX));
        return copy;
    }

    private static Tensor cut(Tensor image, long fromY, long toY, long fromX, long toX) {
        return image.narrow(2, fromY, toY - fromY).narrow(3, fromX, toX - fromX);
    }

    private static float[] probabilities(Layer net, Tensor images, int label) {
        return net.forward(images).softmax(1).select(1, label).contiguous().toFloats();
    }
}
