package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import java.util.List;

/**
 * A classifier with further heads on the way, whose losses bring a gradient to its early layers while it trains (Szegedy et
 * al. 2014, <a href="https://arxiv.org/abs/1409.4842">1409.4842</a>, section 5); its answer is that of the last head.
 */
public interface AuxiliaryHeads extends FeatureMaps {

    /** Of images {@code [N, C, H, W]} the logits {@code [N, K]} of the last head, then those of the others. */
    List<Tensor> allLogits(Tensor x);

    /** What the loss of each other head counts for, where that of the last counts 1. */
    double auxiliaryWeight();
}
