package dev.fovea.nn;

import static dev.fovea.nn.Layers.concat;
import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.dense;
import static dev.fovea.nn.Layers.dropout;
import static dev.fovea.nn.Layers.flatten;
import static dev.fovea.nn.Layers.maxPool;
import static dev.fovea.nn.Layers.relu;
import static dev.fovea.nn.Layers.residual;
import static dev.fovea.nn.Layers.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerTextTest {

    @Test
    void expressionAndTextMakeTheSameNetwork() {
        new Seed(1).apply();
        var expression = Sequential.of(
                shape(3, 32, 32),
                conv(32, 3),
                relu(),
                maxPool(2),
                conv(64, 3),
                relu(),
                maxPool(2),
                conv(64, 3),
                relu(),
                flatten(),
                dense(64),
                relu(),
                dropout(0.5),
                dense(10));
        new Seed(1).apply();
        var text = LayerText.build(
                "conv 32 3, relu, maxpool 2, conv 64 3, relu, maxpool 2, conv 64 3, relu, flatten, "
                        + "dense 64, relu, dropout 0.5, dense classes",
                3,
                32,
                32,
                10);
        assertThat(expression.state().parameterCount()).isEqualTo(122_570);
        expression.state().train(false);
        text.state().train(false);
        Tensor x = Tensor.ones(1, 3, 32, 32);
        assertThat(text.forward(x).toFloats())
                .containsExactly(expression.forward(x).toFloats());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conv 32 3 pad=same stride=2, batchnorm, leakyrelu 0.2, avgpool 3 stride=2",
                "residual(conv 8 3 pad=same, relu), concat(conv 4 1 | conv 4 3 pad=same | maxpool 3 pad=1 stride=1)",
                "deconv 16 4 pad=1 stride=2, upsample 2 bilinear=1, globalavgpool, dropout 0.25, dense classes",
                "reshape 4 2 2, groupnorm 2, droppath 0.1, flatten, dense 7 bias=0, softmax"
            })
    void readsWhatItPrints(String text) {
        assertThat(Spec.join(LayerText.parse(text))).isEqualTo(text);
    }

    @Test
    void branchesPrintAsTheyAreRead() {
        assertThat(residual(conv(3, 3).same(), relu()).toString()).isEqualTo("residual(conv 3 3 pad=same, relu)");
        assertThat(concat(List.of(List.of(conv(4, 1)), List.of(relu()))).toString())
                .isEqualTo("concat(conv 4 1 | relu)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "conv 32 3, rellu; layers, at character 12: unknown layer 'rellu', did you mean 'relu'?",
                "conv 32; layers, at character 1: conv takes 2 numbers, got 1",
                "conv 8 3 strde=2; layers, at character 17: conv has no option 'strde', did you mean 'stride'? it takes stride, pad, dilation, groups, bias",
                "conv 8 x; layers, at character 9: expected a number, got 'x'",
                "residual(conv 8 3; layers, at character 18: expected ')'",
                "relu,; layers, at character 6: expected a layer"
            })
    void saysWhereTheTextIsWrong(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerText.parse(text))
                .withMessage(message);
    }

    @Test
    void saysWhichLayerDoesNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerText.build("conv 8 3, maxpool 40", 3, 32, 32, 10))
                .withMessageStartingWith("maxpool 40: does not fit its input 8x30x30 (");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerText.build("flatten, conv 8 3", 3, 8, 8, 10))
                .withMessage("conv 8 3: needs feature maps CxHxW, its input is 192");
    }

    @Test
    void summaryListsShapesParametersAndMultiplyAdds() {
        var summary = Summary.of(LayerText.build("conv 32 3, relu, flatten, dense classes", 3, 32, 32, 10), 3, 32, 32);
        assertThat(summary.rows().get(0)).isEqualTo(new Summary.Row("0", "conv", "32x30x30", 896, 32 * 900 * 27));
        assertThat(summary.parameters()).isEqualTo(896 + 28_800 * 10 + 10);
        assertThat(summary.toString()).contains("output shape").contains("288,906");
    }
}
