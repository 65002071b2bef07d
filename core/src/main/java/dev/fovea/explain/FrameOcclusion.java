package dev.fovea.explain;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import java.util.ArrayList;
import java.util.List;

/** By how much the probability of a class falls when a frame of the clip is blank, of the mean colour of all frames. */
public final class FrameOcclusion implements Explainer {

    private static final int TIME = 2;

    @Override
    public String word() {
        return "occlusion";
    }

    @Override
    public boolean clips() {
        return true;
    }

    @Override
    public String needs() {
        return "clips as its input";
    }

    @Override
    public boolean fits(Layer net) {
        return true;
    }

    @Override
    public float[][] explain(Layer net, Tensor input, int label) {
        return explain(net, input, label, Progress.NONE);
    }

    @Override
    public float[][] explain(Layer net, Tensor input, int label, Progress progress) {
        int frames = (int) input.size(TIME);
        float[] drops = new float[frames];
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor blank = input.mean(TIME, TIME + 1, TIME + 2)
                    .reshape(1, input.size(1), 1, 1, 1)
                    .expand(1, input.size(1), 1, input.size(TIME + 1), input.size(TIME + 2));
            double whole = probability(net, input, label);
            for (int f = 0; f < frames; f++) {
                progress.at(f, frames);
                drops[f] = (float) (whole - probability(net, blanked(input, blank, f), label));
            }
        }
        return new float[][] {drops};
    }

    private static Tensor blanked(Tensor input, Tensor blank, int frame) {
        var parts = new ArrayList<Tensor>();
        for (int f = 0; f < input.size(TIME); f++) {
            parts.add(f == frame ? blank : input.narrow(TIME, f, 1));
        }
        return Tensor.cat(List.copyOf(parts), TIME);
    }

    private static double probability(Layer net, Tensor input, int label) {
        return net.forward(input).softmax(1).select(0, 0).select(0, label).item();
    }
}
