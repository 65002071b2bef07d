package dev.fovea.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.engine.Tensor;
import dev.fovea.models.Models;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Maps beside those that PyTorch's autograd gives (see {@code test/oracle/explain.py}). */
class GoldenExplanationsTest {

    private static final int LABEL = 2;

    private static Layer convolutional() {
        var net = LayerText.build(
                "conv 4 3 pad=same, relu, maxpool 2, conv 6 3 pad=same, relu, flatten, dense classes",
                Shape.of(3, 8, 8),
                3);
        Golden.fill(net.state(), 0.5);
        net.state().train(false);
        return net;
    }

    private static Layer transformer(String distilled) {
        var net = Layer.of(Models.create(
                "vit_tiny_patch16_224 patch=4 width=8 depth=2 heads=2 hidden=16 distilled=" + distilled, 3, 8, 12, 3));
        Golden.fill(net.state(), 0.6);
        net.state().train(false);
        return net;
    }

    private static void equal(Layer net, Tensor image, String network, String method) {
        JsonNode golden = Golden.read("explain.json").get(network);
        assertThat(net.forward(image).toDoubles()).containsExactly(Golden.array(golden.get("logits")), within(1e-6));
        double[] wanted = Golden.array(golden.get(method));
        float[][] map = Explainers.of(method, net, false).explain(net, image, LABEL);
        assertThat(map.length * map[0].length).isEqualTo(wanted.length);
        for (int i = 0; i < wanted.length; i++) {
            assertThat((double) map[i / map[0].length][i % map[0].length])
                    .as("%s at %s", method, i)
                    .isCloseTo(wanted[i], within(1e-5));
        }
    }

    @ParameterizedTest
    @CsvSource({"grad-cam", "grad-cam++", "hirescam", "layer-cam", "saliency", "integrated-gradients"})
    void mapsOfAConvolutionalNetworkEqualPyTorchs(String method) {
        equal(convolutional(), Golden.wave(7, 1, 1, 3, 8, 8), "cnn", method);
    }

    @ParameterizedTest
    @CsvSource({
        "vit, false, attention-rollout",
        "vit, false, attention-relevance",
        "deit, true, attention-rollout",
        "deit, true, attention-relevance"
    })
    void mapsOfTransformersEqualPyTorchs(String network, String distilled, String method) {
        equal(transformer(distilled), Golden.wave(5, 1, 1, 3, 8, 12), network, method);
    }

    @Test
    void integratedGradientsAddUpToTheDifferenceOfTheLogits() {
        Layer net = convolutional();
        Tensor image = Golden.wave(7, 1, 1, 3, 8, 8);
        Tensor blank = Blank.of(image);
        double all = IntegratedGradients.attributions(net, image, blank, LABEL, Explainer.Progress.NONE)
                .sum()
                .item();
        double difference = net.forward(image).select(0, 0).select(0, LABEL).item()
                - net.forward(blank).select(0, 0).select(0, LABEL).item();
        assertThat(Math.abs(difference)).isGreaterThan(0.5);
        assertThat(all).isCloseTo(difference, within(0.01 * Math.abs(difference)));
    }
}
