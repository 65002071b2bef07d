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

    private static final int[] ENCODER = {4, 8, 16, 32};

    private final FeatureMaps network;
    private final boolean fine;
    private final int[] taken;
    private final List<Integer> channels = new ArrayList<>();

    /** @param fine whether maps of stride 2 are there, too */
    private StagedBackbone(FeatureMaps network, boolean fine, List<long[]> shapes, int[] strides, String name) {
        this.network = network;
        this.fine = fine;
        ((Net) network).children().forEach((child, layer) -> {
            if (!network.headNames().contains(child)) {
                add(child, layer);
            }
        });
        taken = new int[strides.length];
        Arrays.fill(taken, -1);
        for (int level = 0; level < strides.length; level++) {
            for (int i = 0; i < shapes.size(); i++) {
                taken[level] = shapes.get(i)[2] == PROBE / strides[level] ? i : taken[level];
            }
            if (taken[level] < 0) {
                throw new IllegalArgumentException(
                        "backbone: '%s' has no feature maps of stride %s".formatted(name, strides[level]));
            }
            channels.add((int) shapes.get(taken[level])[1]);
        }
    }

    /**
     * Of a registered network.
     *
     * @throws IllegalArgumentException if it has no such maps
     */
    static StagedBackbone of(String name, int images, int... strides) {
        FeatureMaps network = network(name, images);
        return new StagedBackbone(network, false, shapes(network, images, false), strides, name);
    }

    /**
     * Of a registered network as an encoder: at strides 4, 8, 16 and 32, and at 2, too, where it has such maps.
     *
     * @throws IllegalArgumentException if it has no such maps
     */
    static StagedBackbone encoder(String name, int images) {
        FeatureMaps network = network(name, images);
        List<long[]> shapes = shapes(network, images, true);
        boolean fine = shapes.stream().anyMatch(shape -> shape[2] == PROBE / 2);
        return fine
                ? new StagedBackbone(network, true, shapes, new int[] {2, 4, 8, 16, 32}, name)
                : new StagedBackbone(network, false, shapes(network, images, false), ENCODER, name);
    }

    private static FeatureMaps network(String name, int images) {
        Module network = Models.create(name, images, PROBE, PROBE, 1);
        if (!(network instanceof FeatureMaps maps && network instanceof Net && maps.hasMaps())) {
            throw new IllegalArgumentException("backbone: '%s' has no feature maps".formatted(name));
        }
        return maps;
    }

    /** Of its maps for a square image. */
    private static List<long[]> shapes(FeatureMaps network, int images, boolean fine) {
        boolean training = network.state().training();
        network.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor nothing = Tensor.zeros(1, images, PROBE, PROBE);
            return network.state().undrawn(() -> fine ? network.allStages(nothing) : network.stages(nothing)).stream()
                    .map(Tensor::shape)
                    .toList();
        } finally {
            network.state().train(training);
        }
    }

    @Override
    public List<Integer> channels() {
        return channels;
    }

    @Override
    public List<Tensor> maps(Tensor images) {
        List<Tensor> stages = fine ? network.allStages(images) : network.stages(images);
        return Arrays.stream(taken).mapToObj(stages::get).toList();
    }
}
