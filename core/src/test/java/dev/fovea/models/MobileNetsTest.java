package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Weights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What networks for small devices have beyond what holds for all. */
class MobileNetsTest {

    static List<ModelEntry> entries() {
        var families = Set.of(
                MobileNetV2.Config.class,
                MobileNetV3.Config.class,
                MobileNetV4.Config.class,
                ShuffleNetV2.Config.class,
                MnasNet.Config.class,
                EfficientNet.Config.class,
                RegNet.Config.class);
        return ReducedModels.all().stream()
                .filter(entry -> families.contains(entry.config().getClass()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void givesMapsAtStrides4To32(ModelEntry entry) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            var net = (FeatureMaps) entry.create(2, 64, 96, 5);
            net.state().train(false);
            Zoo.fill(net.state());
            Tensor x = Zoo.noise("image", 1, 2, 64, 96).to(DType.FLOAT32);
            List<Tensor> maps = net.stages(x);
            assertThat(maps)
                    .extracting(map -> map.size(2) + "x" + map.size(3))
                    .containsExactly("16x24", "8x12", "4x6", "2x3");
            assertThat(maps.get(3).toFloats()).containsExactly(net.features(x).toFloats());
            assertThat(net.head(maps.get(3)).shape()).containsExactly(1, 5);
        }
    }

    /** Sums of 3x3 windows of ones, every second one: an even side has no zero before it, an odd one has. */
    @ParameterizedTest
    @CsvSource({
        "4, 4, 9 6 6 4", //
        "5, 5, 4 6 4 6 9 6 4 6 4",
        "4, 5, 6 9 6 4 6 4",
        "1, 1, 1"
    })
    void padsAsTensorFlowDoes(int height, int width, String sums) {
        var conv = new SameConv2d(1, 1, 3, 2, 1);
        Weights.load(Map.of("weight", Tensor.ones(1, 1, 3, 3)), conv.state());
        double[] expected =
                Arrays.stream(sums.split(" ")).mapToDouble(Double::parseDouble).toArray();
        assertThat(conv.forward(Tensor.ones(1, 1, height, width)).toDoubles()).containsExactly(expected);
    }

    /** ImageNet's weights as TensorFlow trained them, on a picture by formula, against PyTorch. */
    @Tag("slow")
    @Test
    void weightsOfTensorFlowGivePyTorchsAnswers() {
        Layer net = Layer.of(Models.create("mobilenet_v2 padding=tensorflow", 3, 224, 224, 1000));
        Weights.load(
                Safetensors.read(Path.of("../../shared/weights/mobilenet_v2-tf.safetensors"))
                        .tensors(),
                net.state());
        net.state().train(false);
        float[] pixels = new float[3 * 224 * 224];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < 224; y++) {
                for (int x = 0; x < 224; x++) {
                    pixels[(c * 224 + y) * 224 + x] = (y * 7 + x * 13 + c * 101) % 256 / 127.5f - 1;
                }
            }
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            float[] logits = net.forward(Tensor.of(pixels, 1, 3, 224, 224)).toFloats();
            assertThat(Arrays.copyOf(logits, 10))
                    .containsExactly(
                            new float[] {
                                0.814292f,
                                -0.666302f,
                                -1.94534f,
                                -1.38844f,
                                0.0373104f,
                                -2.24322f,
                                -2.92105f,
                                -0.297621f,
                                -1.58797f,
                                0.137524f
                            },
                            within(1e-3f));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mobilenet_v2 width=0|option width must be a number from 0.01 to 16, got 0.0",
                "efficientnet_b0 dropPath=1|option dropPath must be a number from 0 to below 1, got 1.0",
                "regnet_x_400mf group=12|RegNet: widths must be multiples of group, got widths=[32, 64, 160, 400], group=12",
                "shufflenet_v2_x0_5 widths=8,8|ShuffleNetV2: depths and widths must be three numbers each, got depths=[4, 8, 4], widths=[8, 8]",
                "shufflenet_v2_x0_5 widths=8,9,8|ShuffleNetV2: widths must be even, got widths=[8, 9, 8]"
            })
    void saysWhichSizesItCannotHave(String model, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create(model, 3, 32, 32, 10))
                .withMessage(message);
    }
}
