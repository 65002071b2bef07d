package dev.fovea.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.Models;
import dev.fovea.models.ReducedModels;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.GlobalAttention;
import dev.fovea.nn.Layer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every classifier of images in the registry is explained by every method that says that it fits. */
class ExplainedModelsTest {

    /** Without feature maps: lines of pixels are read one after another, or all pixels at once. */
    private static final Set<String> WITHOUT_MAPS =
            Set.of("row-rnn", "row-lstm", "row-gru", "row-tcn", "row-transformer");

    /** Many passes each, and the same for every network. */
    private static final Set<String> SLOW = Set.of("occlusion", "rise", "integrated-gradients");

    static List<ModelEntry> classifiers() {
        return ReducedModels.all().stream()
                .filter(entry -> entry.input().frames() == 1 && Models.network(entry.name()) == Layer.class)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("classifiers")
    void everyClassifierHasMapsOfItsImage(ModelEntry entry) {
        int side = ReducedModels.side(entry) / 4 * 4;
        int width = side + 16; // not square, so that no map can be turned unseen
        int channels = entry.input().channels();
        Layer net = Layer.of(Drawn.by(1, Models.create(entry.name(), channels, side, width, 5)));
        net.state().train(false);
        var random = Random.of(new Seed(2));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            net.state()
                    .parameters()
                    .values()
                    .forEach(weight ->
                            weight.add_(Tensor.randn(random, weight.shape()).channelsLast(), 0.02));
        }
        Tensor image = Tensor.rand(random, 1, channels, side, width);
        assertThat(net instanceof FeatureMaps maps && maps.hasMaps())
                .as("%s has feature maps", entry.name())
                .isNotEqualTo(WITHOUT_MAPS.contains(entry.name()));
        for (Explainer explainer : Explainers.fitting(net, false)) {
            if (SLOW.contains(explainer.word())) {
                continue;
            }
            float[][] map = explainer.explain(net, image, 3);
            assertThat(map.length).as(explainer.word()).isBetween(1, Math.min(side, map[0].length));
            float most = 0;
            for (float[] row : map) {
                assertThat(row).hasSameSizeAs(map[0]);
                for (float value : row) {
                    assertThat(value).isBetween(0f, 1f);
                    most = Math.max(most, value);
                }
            }
            assertThat(most).as("%s of %s", explainer.word(), entry.name()).isIn(0f, 1f);
            assertThat(net.state().parameters().values()).noneMatch(Tensor::hasGrad);
        }
        if (net instanceof GlobalAttention attentive) {
            seenAttentionChangesNothing(attentive, image);
        }
    }

    private static void seenAttentionChangesNothing(GlobalAttention net, Tensor image) {
        GlobalAttention.Tokens tokens = net.tokens();
        int length = tokens.before() + tokens.rows() * tokens.columns();
        GlobalAttention.Pass pass = net.forward(image, weights -> {
            assertThat(weights.size(3)).isEqualTo(length);
            return weights;
        });
        double[] logits = net.forward(image).toDoubles();
        assertThat(pass.logits().toDoubles()).containsExactly(logits, within(1e-4));
        assertThat(pass.readout().size(1)).isEqualTo(length);
        assertThat(pass.readout().sum().item()).isCloseTo(1, within(1e-5));
    }
}
