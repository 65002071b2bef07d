package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Net;
import dev.fovea.nn.detect.FeaturePyramid;
import java.util.List;

/** A classifier's maps, {@code body}, and the feature pyramid on them, {@code fpn}. */
final class PyramidBackbone extends Net {

    private final Pyramid body;
    private final FeaturePyramid pyramid;

    /**
     * A backbone.
     *
     * @param width channels of the pyramid
     * @param norms whether the pyramid has batch norms
     */
    PyramidBackbone(Pyramid body, NormKind kind, double eps, int width, boolean norms, FeaturePyramid.Extra extra) {
        if (kind == NormKind.FROZEN) {
            BatchNorm.fix(body, eps);
        }
        this.body = add("body", body);
        pyramid = add("fpn", new FeaturePyramid(body.channels(), width, norms, extra));
    }

    /** Of images [N, C, H, W]: [N, width, H', W'] each, the finest first. */
    List<Tensor> maps(Tensor images) {
        return pyramid.of(body.maps(images));
    }
}
