package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import java.util.ArrayList;
import java.util.List;

/** Five halvings of the image, from the second on each followed by a stage; the maps of the last three are taken. */
final class CspBackbone extends Net implements Pyramid {

    private static final int STAGES = 4;

    private final Layer stem;
    private final List<Layer> stages = new ArrayList<>();
    private final Layer context;
    private final List<Integer> channels = new ArrayList<>();

    CspBackbone(int images, int width, int depth) {
        stem = add("stem", FoveaDet.conv(3).stride(2).layer(images, width)); // (N, width, H/2, W/2)
        int in = width;
        for (int i = 0; i < STAGES; i++) {
            int out = 2 * in;
            int units = i == 1 || i == 2 ? 2 * depth : depth;
            stages.add(add(
                    "stage" + i,
                    new Sequential(
                            List.of(FoveaDet.conv(3).stride(2).layer(in, out), new CspStage(out, out, units, true)))));
            in = out;
            channels.add(out);
        }
        context = add("context", new PooledContext(in));
    }

    @Override
    public List<Integer> channels() {
        return channels.subList(1, STAGES);
    }

    @Override
    public List<Tensor> maps(Tensor images) {
        var maps = new ArrayList<Tensor>();
        Tensor x = stem.forward(images);
        for (int i = 0; i < STAGES; i++) {
            x = stages.get(i).forward(x);
            if (i > 0) {
                maps.add(x);
            }
        }
        maps.set(maps.size() - 1, context.forward(x));
        return maps;
    }

    /** Maxima of ever larger neighbourhoods beside each place (spatial pyramid pooling, He et al. 2014). */
    private static final class PooledContext extends Net implements Layer {

        private static final int POOLED = 3;

        private final Layer before;
        private final Layer after;

        PooledContext(int channels) {
            before = add("before", FoveaDet.conv(1).layer(channels, channels / 2));
            after = add("after", FoveaDet.conv(1).layer((1 + POOLED) * (channels / 2), channels));
        }

        @Override
        public Tensor apply(Tensor x) {
            var parts = new ArrayList<Tensor>();
            Tensor y = before.forward(x);
            parts.add(y);
            for (int i = 0; i < POOLED; i++) {
                y = y.maxPool2d(5, 1, 2, false);
                parts.add(y);
            }
            return after.forward(Tensor.cat(parts, 1));
        }
    }
}
