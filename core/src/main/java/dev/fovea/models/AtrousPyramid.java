package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import java.util.ArrayList;
import java.util.List;

/**
 * Atrous spatial pyramid pooling, [N, in, H, W] to [N, width, H, W]: convolutions of several dilations and the mean of the image side
 * by side (Chen et al. 2017, <a href="https://arxiv.org/abs/1706.05587">1706.05587</a>, section 3.3). Names are torchvision's.
 */
final class AtrousPyramid extends Net implements Layer {

    private static final double DROPPED = 0.5;

    private final List<Layer> branches = new ArrayList<>();
    private final Layer project;

    /** @param rates dilations of the 3x3 convolutions */
    AtrousPyramid(int in, int width, int... rates) {
        branches.add(conv(1).layer(in, width));
        for (int rate : rates) {
            branches.add(conv(3).dilation(rate).layer(in, width));
        }
        var mean = new ArrayList<Layer>();
        mean.add(Leaf.of("adaptiveavgpool", x -> x.adaptiveAvgPool2d(1, 1)));
        mean.addAll(conv(1).layers(in, width));
        branches.add(new Sequential(mean));
        add("convs", new Sequential(branches));
        var last = new ArrayList<Layer>(conv(1).layers(branches.size() * width, width));
        last.add(new Dropout(Dropout.Unit.ELEMENT, DROPPED));
        project = add("project", new Sequential(last));
    }

    private static ConvNorm conv(int kernel) {
        return ConvNorm.of(kernel).activation(Tensor::relu);
    }

    @Override
    public Tensor apply(Tensor x) {
        var parts = new ArrayList<Tensor>();
        branches.forEach(branch -> parts.add(MapSize.bilinear(branch.forward(x), x)));
        return project.forward(Tensor.cat(parts, 1));
    }
}
