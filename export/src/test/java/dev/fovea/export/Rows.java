package dev.fovea.export;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.ModelEntry;
import dev.fovea.nn.Module;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Traceable;
import java.util.ArrayList;
import java.util.List;

/** The registry as core's tests reduce it, with weights whose outputs hang on the images. */
final class Rows {

    private static final String REDUCED = "dev.fovea.models.ReducedModels"; // a class of core's tests

    static final int CLASSES = 10;

    private Rows() {}

    @SuppressWarnings("unchecked")
    static List<ModelEntry> all() {
        try {
            return (List<ModelEntry>) Class.forName(REDUCED).getMethod("all").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static int side(ModelEntry entry) {
        try {
            return (int)
                    Class.forName(REDUCED).getMethod("side", ModelEntry.class).invoke(null, entry);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static Shape image(ModelEntry entry) {
        int side = side(entry);
        return entry.input().frames() > 1
                ? Shape.of(entry.input().channels(), 4, side, side)
                : Shape.of(entry.input().channels(), side, side);
    }

    /** In evaluation mode; batch norms have the statistics of random images half way, so that nothing is constant behind them. */
    static Module net(ModelEntry entry) {
        int side = side(entry);
        Module net = entry.create(entry.input().channels(), side, side, CLASSES);
        var random = Random.of(new Seed(5));
        net.state().initialize(random);
        net.state().random(random);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            net.state().buffers().forEach((name, buffer) -> {
                if (name.endsWith("memory") || name.endsWith("prototypes") || name.endsWith("centre")) {
                    buffer.normal_(random, 0, 1);
                }
            });
            net.state().newShare(0.5); // channels that hardly vary are not blown up
            net.state().train(true);
            net.state().dropout(false);
            var sizes = new ArrayList<>(List.of(6L));
            sizes.addAll(image(entry).sizes());
            Tensor images = Tensor.rand(
                    random, sizes.stream().mapToLong(Long::longValue).toArray());
            Traceable.run(net, images);
        } finally {
            net.state().train(false);
        }
        return net;
    }
}
