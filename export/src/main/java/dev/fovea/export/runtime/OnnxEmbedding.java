package dev.fovea.export.runtime;

import dev.fovea.models.EmbeddingNet;
import dev.fovea.models.UnitEmbedding;

/** An ONNX file that embeds images, [N, C, H, W] to [N, D]; rows are brought to length 1 whether they had it or not. */
final class OnnxEmbedding extends OnnxLayer implements UnitEmbedding {

    OnnxEmbedding(OnnxFunction function, String output) {
        super(function, output, EmbeddingNet::unit);
    }
}
