package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Net;

/** The encoder of an autoencoder with a linear head: pictures [N, C, H, W] to logits [N, classes]. */
public final class EncoderClassifier extends Net {

    private final Coding coding;
    private final Dense head;

    /** @param code how many numbers the encoder gives */
    public EncoderClassifier(Coding coding, int code, int classes) {
        this.coding = add("coding", coding);
        head = add("head", new Dense(code, classes, true));
    }

    @Override
    public Tensor forward(Tensor pictures) {
        return head.forward(coding.encode(pictures));
    }
}
