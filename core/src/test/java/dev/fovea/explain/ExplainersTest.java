package dev.fovea.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainersTest {

    /** Without a map anywhere. */
    private static Layer dense() {
        return Drawn.by(1, LayerText.build("flatten, dense 2", Shape.of(3, 8, 8), 2));
    }

    @Test
    void theFirstThatFitsIsTheDefault() {
        Layer convolutional = LayerText.build("conv 4 3, relu, flatten, dense 2", Shape.of(3, 8, 8), 2);
        assertThat(Explainers.of("", convolutional, false)).isInstanceOf(IntegratedGradients.class);
        assertThat(Explainers.quick(convolutional).orElseThrow()).isInstanceOf(LayerCam.class);
        assertThat(Explainers.quick(dense())).isEmpty();
        assertThat(Explainers.of("", convolutional, true)).isInstanceOf(FrameOcclusion.class);
        assertThat(Explainers.of("", dense(), false)).isInstanceOf(IntegratedGradients.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "grad-cams|false|method: expected integrated-gradients, ",
                "occlusions|false|method: expected integrated-gradients, ",
                "grad-cam|true|explain: grad-cam is for networks that see images; for clips there is occlusion"
            })
    void aMethodThatIsUnknownOrForSomethingElseIsRefused(String word, boolean clips, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Explainers.of(word, dense(), clips))
                .withMessageStartingWith(message);
    }

    @Test
    void aBlankFrameCostsAsMuchProbabilityAsItsPixelsGave() {
        var net = LayerText.build("flatten, dense 2", Shape.of(1, 3, 1, 1), 2);
        float[] weights = {1, 2, -1, 0, 0, 0};
        try (var noGrad = new dev.fovea.engine.NoGrad()) {
            net.state().tensors().get("1.weight").copy_(Tensor.of(weights, 2, 3));
            net.state().tensors().get("1.bias").fill_(0);
        }
        net.state().train(false);
        Tensor clip = Tensor.of(new float[] {3, 0, 0}, 1, 1, 3, 1, 1); // a mean of 1
        float[] drops = new FrameOcclusion().explain(net, clip, 0)[0];
        double whole = 1 / (1 + Math.exp(-3));
        assertThat(drops[0]).isCloseTo((float) (whole - 1 / (1 + Math.exp(-1))), within(1e-5f));
        assertThat(drops[1]).isCloseTo((float) (whole - 1 / (1 + Math.exp(-5))), within(1e-5f));
        assertThat(drops[2]).isCloseTo((float) (whole - 1 / (1 + Math.exp(-2))), within(1e-5f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"integrated-gradients", "occlusion", "rise"})
    void aMethodOfManyPassesIsWatchedAndCanBeEnded(String word) {
        Tensor image = Tensor.of(new float[192], 1, 3, 8, 8);
        Explainer method = Explainers.of(word, dense(), false);
        var heard = new ArrayList<Integer>();
        method.explain(dense(), image, 0, (done, all) -> {
            assertThat(done).isLessThan(all);
            heard.add(done);
        });
        assertThat(heard).isSorted().hasSizeGreaterThan(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> method.explain(dense(), image, 0, (done, all) -> {
                    if (done > 0) {
                        throw new IllegalStateException("ended");
                    }
                }))
                .withMessage("ended");
    }
}
