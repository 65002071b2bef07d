package dev.fovea.models;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Module;
import dev.fovea.nn.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Patch features of a classifier or encoder: its second and third feature maps, where it has them, locally averaged,
 * concatenated along the channels.
 */
final class PatchFeatures {

    private static final int FIRST = 1;
    private static final int BEYOND = 3;

    private final FeatureMaps backbone;
    private final int channels;
    private final int height;
    private final int width;

    /** For images of a shape. */
    PatchFeatures(Module backbone, int channels, int height, int width) {
        this.backbone = maps(backbone);
        backbone.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor nothing = Tensor.zeros(1, channels, height, width);
            Tensor found = backbone.state().undrawn(() -> of(nothing));
            this.channels = (int) found.size(3);
            this.height = (int) found.size(1);
            this.width = (int) found.size(2);
        }
    }

    /** Of an autoencoder those of its encoder. */
    private static FeatureMaps maps(Module backbone) {
        if (backbone instanceof FeatureMaps maps && maps.hasMaps()) {
            return maps;
        }
        Module inner = backbone instanceof EncoderClassifier over ? over.autoencoder() : backbone;
        return (inner instanceof EncoderNet coding
                        ? coding.maps().filter(FeatureMaps::hasMaps)
                        : Optional.<FeatureMaps>empty())
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "anomaly: the backbone has no convolutional feature maps. Take one that has some, such as a run of "
                                        + "resnet18, conv-autoencoder, or layers with a convolution before their first flatten"));
    }

    /** Features of a position. */
    int channels() {
        return channels;
    }

    /** Positions of an image. */
    int places() {
        return Sizes.product(height, width);
    }

    /** [N, C, H, W] to [N, h, w, numbers]. */
    Tensor of(Tensor images) {
        List<Tensor> stages = backbone.stages(images);
        int from = Math.min(FIRST, stages.size() - 1);
        List<Tensor> used = stages.subList(from, Math.max(from + 1, Math.min(BEYOND, stages.size())));
        var maps = new ArrayList<Tensor>();
        for (Tensor stage : used) {
            Tensor smooth = stage.size(2) < 3 || stage.size(3) < 3 ? stage : stage.avgPool2d(3, 1, 1);
            maps.add(
                    maps.isEmpty()
                            ? smooth
                            : smooth.upsampleBilinear(
                                    maps.get(0).size(2), maps.get(0).size(3)));
        }
        return Tensor.cat(maps, 1).permute(0, 2, 3, 1);
    }
}
