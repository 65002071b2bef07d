package dev.fovea.models;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The maps of a registered classifier at some strides, without its head; its weights have the names they have there. */
final class StagedBackbone extends Net implements Pyramid {

    /** Large enough for all of them to have a map of the largest stride. */
    private static final int PROBE = 256;

    private final FeatureMaps network;
    private final int[] taken;
    private final List<Integer> channels = new ArrayList<>();

    private StagedBackbone(FeatureMaps network, int images, int[] strides, String name) {
        this.network = network;
        ((Net) network).children().forEach((child, layer) -> {
            if (!network.headNames().contains(child)) {
                add(child, layer);
            }
        });
        taken = new int[strides.length];
        Arrays.fill(taken, -1);
        boolean training = network.state().training();
        network.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor nothing = Tensor.zeros(1, images, PROBE, PROBE);
            List<Tensor> stages = network.state().undrawn(() -> network.stages(nothing));
            for (int level = 0; level < strides.length; level++) {
                for (int i = 0; i < stages.size(); i++) {
                    taken[level] = stages.get(i).size(2) == PROBE / strides[level] ? i : taken[level];
                }
                if (taken[level] < 0) {
                    throw new IllegalArgumentException(
                            "backbone: '%s' has no feature maps of stride %s".formatted(name, strides[level]));
                }
                channels.add((int) stages.get(taken[level]).size(1));
            }
        } finally {
            network.state().train(training);
        }
    }

    /**
     * Of a registered network.
     *
     * @throws IllegalArgumentException if it has no such maps
     */
    static StagedBackbone of(String name, int images, int... strides) {
        Module network = Models.create(name, images, PROBE, PROBE, 1);
        if (!(network instanceof FeatureMaps maps && network instanceof Net && maps.hasMaps())) {
            throw new IllegalArgumentException("backbone: '%s' has no feature maps".formatted(name));
        }
        return new StagedBackbone(maps, images, strides, name);
    }

    @Override
    public List<Integer> channels() {
        return channels;
    }

    @Override
    public List<Tensor> maps(Tensor images) {
        List<Tensor> stages = network.stages(images);
        return Arrays.stream(taken).mapToObj(stages::get).toList();
    }
}
