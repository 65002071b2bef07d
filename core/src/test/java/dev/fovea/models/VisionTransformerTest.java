package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.Golden;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Tensor;
import dev.fovea.explain.GradCam;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VisionTransformerTest {

    private static final String TINY = " patch=4 width=%s depth=2 heads=1 hidden=6";

    private static Tensor wave(long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return Tensor.arange(count)
                .to(DType.FLOAT64)
                .mul(0.7)
                .add(0.3)
                .sin()
                .to(DType.FLOAT32)
                .reshape(shape);
    }

    private static void near(Tensor found, String golden) {
        double[] expected = Golden.array(Golden.read("places.json").get(golden));
        assertThat(found.toDoubles()).containsExactly(expected, within(2e-6));
    }

    @ParameterizedTest
    @CsvSource({"6,3,positions6x3", "10,12,positions10x12"})
    void positionsOfOtherImagesAreThoseThatTimmMakes(int rows, int columns, String golden) {
        var net = (SizedWeights) Models.create("vit_b_16" + TINY.formatted(3), 3, 4 * rows, 4 * columns, 5);
        Tensor own = Tensor.zeros(1, 1 + (long) rows * columns, 3);
        Tensor fitted = net.resized("encoder.pos_embedding", wave(1, 65, 3), own);
        assertThat(fitted.shape()).isEqualTo(own.shape());
        near(fitted, golden);
    }

    @Test
    void tablesOfOtherWindowsAreInterpolatedAlike() {
        var net = (SizedWeights) Models.create("swin_t patch=4 width=2 depths=1 heads=2 window=6", 3, 32, 32, 5);
        near(
                net.resized("features.1.0.attn.relative_position_bias_table", wave(49, 2), Tensor.zeros(121, 2)),
                "table11");
    }

    @Test
    void placesThatFormNoSquareAreLeftAlone() {
        var net = (SizedWeights) Models.create("vit_b_16" + TINY.formatted(3), 3, 16, 16, 5);
        Tensor given = wave(1, 1 + 12, 3);
        assertThat(net.resized("encoder.pos_embedding", given, Tensor.zeros(1, 17, 3))
                        .shape())
                .isEqualTo(given.shape());
    }

    @ParameterizedTest
    @ValueSource(strings = {"vit_tiny_patch16_224", "vit_small_patch14_dinov2", "deit_tiny_distilled_patch16_224"})
    void itsHeatMapIsNotBlank(String name) {
        Layer net = Layer.of(Drawn.by(2, Models.create(name + TINY.formatted(8), 3, 16, 24, 5)));
        net.state().train(false);
        boolean seen = false;
        for (int label = 0; label < 5; label++) {
            float[][] map = new GradCam().explain(net, wave(1, 3, 16, 24), label);
            assertThat(map.length).isEqualTo(4);
            assertThat(map[0].length).isEqualTo(6);
            for (float[] row : map) {
                for (float value : row) {
                    seen |= value > 0;
                }
            }
        }
        assertThat(seen).isTrue();
    }

    @Test
    void aDistilledNetworkAnswersWithTheMeanOfItsHeads() {
        var net = (VisionTransformer)
                Drawn.by(2, Models.create("deit_tiny_distilled_patch16_224" + TINY.formatted(8), 3, 16, 16, 5));
        try (var noGrad = new NoGrad()) {
            Tensor x = wave(2, 3, 16, 16);
            List<Tensor> heads = net.allLogits(x);
            assertThat(heads).hasSize(2);
            assertThat(heads.get(0).toFloats()).isNotEqualTo(heads.get(1).toFloats());
            assertThat(net.forward(x).toFloats())
                    .containsExactly(heads.get(0).add(heads.get(1)).div(2).toFloats(), within(1e-6f));
        }
    }

    @Test
    void theHeadSeesTheClassTokenAlone() {
        var net = (VisionTransformer)
                Drawn.by(2, Models.create("vit_tiny_patch16_224" + TINY.formatted(8), 3, 16, 16, 5));
        try (var noGrad = new NoGrad()) {
            Tensor x = wave(2, 3, 16, 16);
            Tensor weight = net.state().tensors().get("head.weight");
            Tensor bias = net.state().tensors().get("head.bias");
            assertThat(net.embedding(x).linear(weight, bias).toFloats())
                    .containsExactly(net.forward(x).toFloats(), within(1e-6f));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> net.head(net.features(x)))
                    .withMessageContaining("Use cut(images)");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vit_b_16|30|32|vit: the sides of images must be multiples of the patch, 16 pixels, got 32x30. Set input.size",
                "swin_t|3|9|swin: images must be at least 4x4, got 9x3. Set input.size",
                "convnext_tiny|31|40|convnext: images must be at least 32x32, got 40x31. Set input.size",
                "maxvit_t|64|224|maxvit: the sides of images must be multiples of 224 pixels, or rounded up to such, got 224x64. Set input.size"
            })
    void saysWhichImagesItTakes(String name, int height, int width, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create(name, 3, height, width, 10))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"swin_t,30,47", "swin_v2_t,30,47", "convnext_tiny,33,50"})
    void hierarchicalOnesGiveAStageForEachScale(String name, int height, int width) {
        String options = name.startsWith("swin")
                ? " width=4 depths=1,2,1,1 heads=1,1,1,1 window=4"
                : " depths=1,1,1,1 widths=4,4,4,4";
        Layer net = Layer.of(Drawn.by(2, Models.create(name + options, 3, 4 * height, 4 * width, 5)));
        net.state().train(false);
        var stages = ((FeatureMaps) net).stages(wave(1, 3, 4 * height, 4 * width));
        assertThat(stages).hasSize(4);
        int rows = height;
        for (Tensor stage : stages) {
            assertThat(stage.size(2)).isCloseTo(rows, within(1L));
            rows /= 2;
        }
    }
}
