package dev.fovea.models;

import dev.fovea.data.Dataset;
import dev.fovea.data.FrameSampling;
import dev.fovea.data.Order;
import dev.fovea.data.Preprocess;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.AuxiliaryHeads;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sizes;
import java.util.List;

/**
 * A network behind ZCA whitening of its input: {@code x = (pixels - mean) W} with
 * {@code W = U diag(1 / sqrt(eigenvalue + 1e-3)) U^T} of the covariance of the training images, values from 0 to
 * 1. Neighbouring pixels are then uncorrelated.
 *
 * <p>Krizhevsky, "Learning Multiple Layers of Features from Tiny Images" (2009), appendix A; Keras'
 * {@code zca_whitening}, which adds 1e-6 to the eigenvalues and so amplifies the noise of JPEG files more. Meant for
 * images up to 32x32: the matrix has (C H W)² values.
 */
public class ZcaWhitening extends Net implements Layer, FittedToData {

    private static final int MOST_VALUES = 4096;
    private static final int MOST_IMAGES = 10_000;
    private static final double EPSILON = 1e-3;

    private final Layer net;

    private ZcaWhitening(Layer net, int values) {
        this.net = add("net", net);
        state().buffer("mean", Tensor.zeros(values));
        state().buffer("matrix", Tensor.zeros(values, values));
    }

    /**
     * @param values of one image, C H W, at most 4096
     * @throws IllegalArgumentException if there are more
     */
    static Layer over(Layer net, int values) {
        if (values > MOST_VALUES) {
            throw new IllegalArgumentException(
                    "input.normalize=whiten is for images of up to %s values (36x36x3), got %s. Use normalize=data"
                            .formatted(MOST_VALUES, values));
        }
        if (net instanceof AuxiliaryHeads heads) {
            return new OfAuxiliaryHeads(heads, values);
        }
        return net instanceof FeatureMaps maps ? new OfFeatureMaps(maps, values) : new ZcaWhitening(net, values);
    }

    /** Estimates mean and matrix from up to 10,000 images, evenly chosen; of clips from one frame of each. */
    @Override
    public void fit(Dataset data, Preprocess preprocess) {
        int[] sample = Order.spread(data.size(), MOST_IMAGES);
        int count = sample.length;
        Preprocess single = preprocess.withFrames(FrameSampling.STILL);
        int values = Sizes.product(preprocess.channels(), preprocess.height(), preprocess.width());
        float[] images = new float[Math.multiplyExact(count, values)];
        for (int i = 0; i < count; i++) {
            byte[] pixels = single.apply(data, sample[i]).pixels();
            for (int p = 0; p < values; p++) {
                images[i * values + p] = (pixels[p] & 0xFF) / 255f;
            }
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            // From [N, H, W, C] to the order of a network's input.
            Tensor x = Tensor.of(images, count, preprocess.height(), preprocess.width(), preprocess.channels())
                    .permute(0, 3, 1, 2)
                    .reshape(count, values);
            Tensor mean = x.mean(0);
            Tensor centred = x.sub(mean);
            List<Tensor> eigen =
                    centred.transpose(0, 1).matmul(centred).mul(1.0 / count).symmetricEigen();
            Tensor vectors = eigen.get(1);
            Tensor deviations = eigen.get(0).relu().add(EPSILON).sqrt();
            state().get("mean").copy_(mean);
            state().get("matrix").copy_(vectors.div(deviations).matmul(vectors.transpose(0, 1)));
        }
    }

    @Override
    public Tensor apply(Tensor x) {
        return net.forward(whitened(x));
    }

    final Tensor whitened(Tensor x) {
        try (var exact = Autocast.off(x.device())) {
            long[] shape = x.shape();
            Tensor rows = x.reshape(shape[0], shape[1] * shape[2] * shape[3]);
            return rows.sub(state().get("mean"))
                    .matmul(state().get("matrix"))
                    .reshape(shape)
                    .channelsLast();
        }
    }

    /** Over a network that can be cut at its feature maps. */
    private static class OfFeatureMaps extends ZcaWhitening implements FeatureMaps {
        private final FeatureMaps maps;

        OfFeatureMaps(FeatureMaps maps, int values) {
            super(maps, values);
            this.maps = maps;
        }

        @Override
        public boolean hasMaps() {
            return maps.hasMaps();
        }

        @Override
        public Tensor features(Tensor x) {
            return maps.features(super.whitened(x));
        }

        @Override
        public List<Tensor> stages(Tensor x) {
            return maps.stages(super.whitened(x));
        }

        @Override
        public Tensor head(Tensor features) {
            return maps.head(features);
        }

        @Override
        public Cut cut(Tensor x) {
            return maps.cut(super.whitened(x));
        }

        @Override
        public Tensor embedding(Tensor x) {
            return maps.embedding(super.whitened(x));
        }

        @Override
        public List<String> headNames() {
            return maps.headNames().stream().map(name -> "net." + name).toList();
        }
    }

    /** Over a network with further heads. */
    private static final class OfAuxiliaryHeads extends OfFeatureMaps implements AuxiliaryHeads {
        private final AuxiliaryHeads heads;

        OfAuxiliaryHeads(AuxiliaryHeads heads, int values) {
            super(heads, values);
            this.heads = heads;
        }

        @Override
        public List<Tensor> allLogits(Tensor x) {
            return heads.allLogits(super.whitened(x));
        }

        @Override
        public double auxiliaryWeight() {
            return heads.auxiliaryWeight();
        }
    }
}
