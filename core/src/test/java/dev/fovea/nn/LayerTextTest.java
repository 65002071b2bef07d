package dev.fovea.nn;

import static dev.fovea.nn.Layers.concat;
import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.dense;
import static dev.fovea.nn.Layers.dropout;
import static dev.fovea.nn.Layers.flatten;
import static dev.fovea.nn.Layers.maxPool;
import static dev.fovea.nn.Layers.relu;
import static dev.fovea.nn.Layers.reshape;
import static dev.fovea.nn.Layers.residual;
import static dev.fovea.nn.Layers.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.Drawn;
import dev.fovea.engine.Tensor;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerTextTest {

    @Test
    void expressionAndTextMakeTheSameNetwork() {
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
        var text = LayerText.build(
                "conv 32 3, relu, maxpool 2, conv 64 3, relu, maxpool 2, conv 64 3, relu, flatten, "
                        + "dense 64, relu, dropout 0.5, dense classes",
                3,
                32,
                32,
                10);
        Drawn.by(1, expression);
        Drawn.by(1, text);
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
                "reshape -1 2 2, flatten, reshape 16, dense classes",
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
                "conv 8 3 pad=1 pad=same; layers, at character 24: conv: option pad is given twice",
                "conv 8 x; layers, at character 9: expected a number, got 'x'",
                "residual(conv 8 3; layers, at character 18: expected ')'",
                "conv 8\u001b 3; layers, at character 8: expected a number, got '8\\u001b'",
                "conv 8 3 pad=classes; layers, at character 21: expected a number, got 'classes'",
                "conv classes 3; layers, at character 13: expected a number, got 'classes'",
                "relu 3; layers, at character 1: relu takes 0 numbers, got 1",
                "reshape -1 -1; layers, at character 14: reshape takes -1 once",
                "residual(relu | relu); layers, at character 22: residual needs its layers in parentheses",
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
    void anExpressionTakesWhatItsTextTakesAndNothingElse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> conv(8, 3).with("strde", 2))
                .withMessage(
                        "conv has no option 'strde', did you mean 'stride'? it takes stride, pad, dilation, groups, bias");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> relu().stride(2))
                .withMessage("relu has no option 'stride'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> conv(8, 3).pad(-2))
                .withMessage("conv: pad must be 0 or more, got pad=-2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dropout(-1))
                .withMessage("dropout takes numbers from 0 to below 1,000,000,000, got -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerText.build("conv 8 2.5", 1, 8, 8, 0))
                .withMessage("conv 8 2.5: expected a whole number, got 2.5");
    }

    @Test
    void reshapeInfersOneSizeAndPrintsIt() {
        assertThat(reshape(-1, 4).toString()).isEqualTo("reshape -1 4");
        assertThat(Sequential.of(shape(2, 4, 4), reshape(-1, 4))
                        .forward(Tensor.zeros(3, 2, 4, 4))
                        .shape())
                .containsExactly(3, 8, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sequential.of(shape(2, 4, 4), reshape(-1, 5)))
                .withMessage("reshape -1 5: does not hold the 32 values of its input 2x4x4");
    }

    /** PyTorch's and Keras' "same": of an odd number of zeros the one more lies at the right and at the bottom. */
    @ParameterizedTest
    @CsvSource({"2, 1", "4, 1", "2, 3"})
    void anEvenKernelThatKeepsTheSizeHasItsExtraZeroAtTheEnd(int kernel, int dilation) {
        var net = LayerText.build("conv 1 %d pad=same bias=0 dilation=%d".formatted(kernel, dilation), 1, 5, 5, 0);
        net.state().tensors().values().forEach(weight -> {
            try (var noGrad = new dev.fovea.engine.NoGrad()) {
                weight.fill_(1);
            }
        });
        float[] x = new float[25];
        for (int i = 0; i < 25; i++) {
            x[i] = i + 1;
        }
        float[] y = net.forward(Tensor.of(x, 1, 1, 5, 5)).detach().toFloats();
        assertThat(y).hasSize(25);
        int before = dilation * (kernel - 1) / 2;
        for (int row = 0; row < 5; row++) {
            for (int column = 0; column < 5; column++) {
                float sum = 0;
                for (int i = 0; i < kernel * kernel; i++) {
                    int r = row - before + i / kernel * dilation;
                    int c = column - before + i % kernel * dilation;
                    sum += r < 0 || r > 4 || c < 0 || c > 4 ? 0 : x[r * 5 + c];
                }
                assertThat(y[row * 5 + column]).as(row + ", " + column).isEqualTo(sum);
            }
        }
    }

    @Test
    void onlyAConvolutionKeepsTheSizeWithAnEvenKernel() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerText.build("maxpool 2 pad=same stride=1", 1, 8, 8, 0))
                .withMessage(
                        "maxpool 2 pad=same stride=1: pad=same keeps the size with an odd kernel only, got kernel=2. Give the number of zeros");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "upsample 1000, upsample 1000",
                "flatten, dense 1000000, dense 1000000",
                "conv 1 3 pad=100000000",
                "conv 999999999 1",
                "conv 1000 65536 pad=40000",
                "conv 1000 1, conv 1000 1000 pad=500",
                "conv 8 999999999 pad=same",
                "deconv 1 3 stride=100000000",
                "deconv 1 99999999",
                "adaptiveavgpool 99999",
                "residual(conv 100000 1, conv 100000 1)",
                "concat(upsample 9000 | upsample 9000)",
                "reshape 999999999 999999999 999999999"
            })
    void aFewLettersCannotAskForGigabytes(String text) {
        long before = dev.fovea.engine.Engine.residentBytes();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerText.build(text, 1, 28, 28, 2))
                .withMessageMatching(".*(too large|does not fit|does not hold|multiples of).*");
        assertThat(dev.fovea.engine.Engine.residentBytes()).isLessThan(before + (1L << 30));
    }

    @ParameterizedTest
    @CsvSource({
        "conv 0 3, conv",
        "deconv 0 17, deconv",
        "dense 0, dense",
        "upsample 0, upsample",
        "groupnorm 0, groupnorm"
    })
    void countsStartAtOne(String layer, String word) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerText.build(layer, 1, 28, 28, 2))
                .withMessageEndingWith(word + " takes whole numbers from 1, got 0");
    }

    @Test
    void whatBranchesMakeTogetherIsLimitedToo() {
        String text = "concat(" + String.join(" | ", Collections.nCopies(22, "upsample 90")) + ")";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerText.build(text, 1, 28, 28, 0))
                .withMessageStartingWith("concat(upsample 90 | ")
                .withMessageEndingWith(
                        "sizes of 139708800 are too large: one layer or image has at most 134,217,728 values");
    }

    @Test
    void neitherDepthNorLengthOfATextHasNoEnd() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerText.parse("residual(".repeat(30_000)))
                .withMessageStartingWith("layers: the text has 270000 characters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerText.parse("residual(".repeat(1000) + "relu" + ")".repeat(1000)))
                .withMessage("layers, at character 459: more than 50 brackets one in another");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerText.parse("relu, ".repeat(6000) + "relu"))
                .withMessageEndingWith("more than 5000 layers");
        String deep = "residual(".repeat(49) + "relu" + ")".repeat(49);
        assertThat(LayerText.build(deep, 1, 2, 2, 0)
                        .forward(Tensor.ones(1, 1, 2, 2))
                        .shape())
                .containsExactly(1, 1, 2, 2);
    }

    @Test
    void summaryListsShapesParametersAndMultiplyAdds() {
        var summary = Summary.of(LayerText.build("conv 32 3, relu, flatten, dense classes", 3, 32, 32, 10), 3, 32, 32);
        assertThat(summary.rows().get(0)).isEqualTo(new Summary.Row("0", "conv", "32x30x30", 896, 32 * 900 * 27));
        assertThat(summary.parameters()).isEqualTo(896 + 28_800 * 10 + 10);
        assertThat(summary.toString()).contains("output shape").contains("288,906");
    }
}
