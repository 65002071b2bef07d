package dev.fovea.explain;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.RankCorrelation;
import dev.fovea.nn.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a map depends on what the network has learned (Adebayo et al. 2018,
 * <a href="https://arxiv.org/abs/1810.03292">1810.03292</a>, cascading randomisation): its layers get random weights one after
 * another from the last to the first, and the map must change. A map that stays shows edges of the image, not reasons.
 *
 * <p>Weights of a layer become normal numbers of the deviation that they had; vectors, as biases and the factors of norms,
 * are shuffled. The mean of three draws.
 *
 * @param steps from the trained network to one of which nothing is left
 */
public record SanityCheck(List<Step> steps) {

    /** A map that is more alike than this when nothing is left of the network does not depend on it. */
    private static final double ALIKE = 0.5;

    private static final int MOST_STEPS = 8;
    private static final int DRAWS = 3;

    /**
     * @param layer the first of those that are random by now, empty where none is
     * @param correlation rank correlation (Spearman) of the map with that of the trained network, -1 to 1
     * @param map of the first draw
     */
    public record Step(String layer, double correlation, float[][] map) {}

    public SanityCheck {
        steps = List.copyOf(steps);
    }

    /** Whether the map changes. */
    public boolean passed() {
        return last() < ALIKE;
    }

    /** The correlation when nothing is left of the network. */
    public double last() {
        return steps.get(steps.size() - 1).correlation();
    }

    /** Of one image [1, C, H, W]; the network is as it was when this returns. */
    public static SanityCheck of(Explainer explainer, Layer net, Tensor input, int label) {
        List<List<String>> groups = groups(net);
        var before = new LinkedHashMap<String, Tensor>();
        float[][] trained = explainer.explain(net, input, label);
        var correlations = new double[groups.size()];
        var maps = new ArrayList<float[][]>();
        try (var scope = new Scope()) {
            try (var noGrad = new NoGrad()) {
                net.state()
                        .parameters()
                        .forEach((name, tensor) ->
                                before.put(name, tensor.detach().copy()));
            }
            for (int draw = 0; draw < DRAWS; draw++) {
                try {
                    var random = Random.of(new Seed(draw));
                    for (int i = 0; i < groups.size(); i++) {
                        randomise(net.state().parameters(), groups.get(i), random);
                        float[][] map = explainer.explain(net, input, label);
                        correlations[i] += RankCorrelation.of(flat(trained), flat(map)) / DRAWS;
                        if (draw == 0) {
                            maps.add(map);
                        }
                    }
                } finally {
                    restore(net.state().parameters(), before);
                }
            }
        }
        var steps = new ArrayList<Step>();
        steps.add(new Step("", 1, trained));
        for (int i = 0; i < groups.size(); i++) {
            steps.add(new Step(layer(groups.get(i).get(groups.get(i).size() - 1)), correlations[i], maps.get(i)));
        }
        return new SanityCheck(steps);
    }

    private static void restore(Map<String, Tensor> weights, Map<String, Tensor> before) {
        try (var noGrad = new NoGrad()) {
            weights.forEach((name, tensor) -> tensor.copy_(before.get(name)));
        }
    }

    private static void randomise(Map<String, Tensor> weights, List<String> names, Random random) {
        for (String name : names) {
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                Tensor weight = weights.get(name);
                if (weight.dims() > 1) {
                    Tensor centred = weight.sub(weight.mean());
                    double deviation = Math.sqrt(centred.mul(centred).mean().item());
                    weight.copy_(Tensor.randn(random, weight.shape()).mul(deviation));
                } else {
                    weight.copy_(shuffled(weight.toFloats(), random).reshape(weight.shape()));
                }
            }
        }
    }

    private static Tensor shuffled(float[] values, Random random) {
        var order = new java.util.SplittableRandom(random.seed().value());
        for (int i = values.length - 1; i > 0; i--) {
            int other = order.nextInt(i + 1);
            float held = values[i];
            values[i] = values[other];
            values[other] = held;
        }
        return Tensor.of(values, values.length);
    }

    /** The weights of all layers from the last to the first, in no more than so many steps. */
    private static List<List<String>> groups(Layer net) {
        var layers = new LinkedHashMap<String, List<String>>();
        net.state()
                .parameters()
                .keySet()
                .forEach(name -> layers.computeIfAbsent(layer(name), l -> new ArrayList<>())
                        .add(name));
        var reversed = new ArrayList<>(layers.values());
        java.util.Collections.reverse(reversed);
        int count = Math.min(MOST_STEPS, reversed.size());
        var groups = new ArrayList<List<String>>();
        for (int i = 0; i < count; i++) {
            groups.add(reversed.subList(i * reversed.size() / count, (i + 1) * reversed.size() / count).stream()
                    .flatMap(List::stream)
                    .toList());
        }
        return groups;
    }

    private static String layer(String name) {
        return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    private static double[] flat(float[][] map) {
        double[] values = new double[map.length * map[0].length];
        for (int i = 0; i < values.length; i++) {
            values[i] = map[i / map[0].length][i % map[0].length];
        }
        return values;
    }
}
