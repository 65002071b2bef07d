package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Init;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import java.util.List;

/** A trunk and, on the means of its last maps or of parts of them, a classifier of dense layers; it takes images of every size. */
abstract class TrunkClassifier extends Net implements FeatureMaps {

    private final Trunk trunk;
    private final Layer classifier;
    private final int parts;

    /** @param name of the trunk among the weights */
    TrunkClassifier(String name, Trunk trunk, List<Layer> classifier) {
        this(name, trunk, 1, classifier);
    }

    /** @param parts rows and columns of the means that the classifier sees, channel by channel */
    TrunkClassifier(String name, Trunk trunk, int parts, List<Layer> classifier) {
        this.parts = parts;
        this.trunk = add(name, trunk);
        this.classifier = add("classifier", new Sequential(classifier));
    }

    /** Convolutions' weights drawn for the values that go out, dense ones as said, biases zero, as torchvision's. */
    final void initial(Initializer dense) {
        Init.HE_NORMAL_FAN_OUT.ofConvolutions(state());
        state().initializer(dense, (name, weight) -> weight.dims() == 2);
        state().initializer(Initializer.ZEROS, (name, bias) -> name.equals("bias"));
    }

    @Override
    public Tensor features(Tensor x) {
        return trunk.forward(x); // (N, F, H/32, W/32)
    }

    @Override
    public List<Tensor> stages(Tensor x) {
        return trunk.maps(x, 4); // at strides 4, 8, 16 and 32
    }

    @Override
    public List<Tensor> allStages(Tensor x) {
        return trunk.maps(x, 2);
    }

    @Override
    public Cut cut(Tensor x) {
        return trunk.cut(x, this::head);
    }

    @Override
    public Tensor head(Tensor features) {
        Tensor pooled = parts == 1
                ? features.mean(2, 3)
                : features.adaptiveAvgPool2d(parts, parts).flatten(1, -1); // (N, F parts parts)
        return classifier.forward(pooled); // (N, classes), logits
    }

    @Override
    public List<String> headNames() {
        return List.of("classifier");
    }
}
