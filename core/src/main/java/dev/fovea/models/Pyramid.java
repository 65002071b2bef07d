package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Module;
import java.util.List;

/** Feature maps of several strides, the finest first: what detectors look at. */
interface Pyramid extends Module {

    /** Channels of each map. */
    List<Integer> channels();

    /** Of images [N, C, H, W]: maps [N, channels, H / stride, W / stride]. */
    List<Tensor> maps(Tensor images);
}
