package dev.fovea.export.runtime;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.models.SegmentationNet;
import dev.fovea.nn.State;
import java.util.ArrayList;
import java.util.List;

/** An ONNX file that tells the class of each pixel, by logits [N, classes, h, w] or by the class itself, [N, h, w]. */
final class OnnxSegmenter implements SegmentationNet {

    /** Of the class that a file names, where it gives no logits: the others have next to no probability. */
    private static final double SURE = 20;

    private final OnnxFunction function;
    private final String output;
    private final boolean channelsLast;
    private final int classes;

    /** @param channelsLast whether logits are [N, h, w, classes] */
    OnnxSegmenter(OnnxFunction function, String output, boolean channelsLast, int classes) {
        this.function = function;
        this.output = output;
        this.channelsLast = channelsLast;
        this.classes = classes;
    }

    @Override
    public Outputs outputs(Tensor images) {
        Tensor made = function.apply(images).get(output);
        Tensor logits = logits(made); // [N, classes, h, w]
        boolean same = logits.size(2) == images.size(2) && logits.size(3) == images.size(3);
        return Outputs.of(same ? logits : logits.upsampleBilinear(images.size(2), images.size(3)));
    }

    private Tensor logits(Tensor made) {
        boolean named = made.dims() == 3
                || made.type() == DType.INT64
                || made.type() == DType.INT32
                || made.type() == DType.UINT8;
        if (named) {
            Tensor labels = (made.dims() == 4 ? made.reshape(made.size(0), made.size(-2), made.size(-1)) : made)
                    .to(DType.FLOAT32);
            var each = new ArrayList<Tensor>();
            for (int i = 0; i < classes; i++) {
                each.add(labels.eq(i).to(DType.FLOAT32));
            }
            return Tensor.stack(each, 1).mul(SURE);
        }
        Tensor values = made.to(DType.FLOAT32);
        return channelsLast ? values.permute(0, 3, 1, 2).contiguous() : values;
    }

    @Override
    public boolean differentiable() {
        return false;
    }

    @Override
    public List<String> classLayers() {
        return List.of();
    }

    @Override
    public State state() {
        return function.state();
    }
}
