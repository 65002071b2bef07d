package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import dev.fovea.nn.AuxiliaryHeads;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CreateTest {

    private static final String VIT = "vit_tiny_patch16_224 depth=1 width=24 hidden=48";

    @TempDir
    private Path folder;

    @Test
    void makesANetworkThatIsReadyForUse() {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Module net = Models.create("cct_2_3x2_32", 7, 1, 20, 0.25, "");
            net.state().train(false);
            double[] logits = Layer.of(net).forward(Tensor.ones(2, 1, 20, 20)).toDoubles();
            assertThat(logits).hasSize(14).doesNotContain(Double.NaN);
            Module again = Models.create("cct_2_3x2_32", 7, 1, 20, 0.25, "");
            again.state().train(false);
            assertThat(Layer.of(again).forward(Tensor.ones(2, 1, 20, 20)).toDoubles())
                    .containsExactly(logits);
        }
    }

    @Test
    void takesWeightsForOtherClassesChannelsAndSizes() {
        try (var scope = new Scope()) {
            Module net = Models.create(VIT, 10, 3, 64, 0, "");
            Path file = folder.resolve("vit.safetensors");
            Safetensors.write(file, net.state().tensors(), Map.of());
            Module other = Models.create(VIT, 4, 4, 32, 0.1, file.toString());
            Tensor given = net.state().tensors().get("patch_embed.proj.weight");
            Tensor own = other.state().tensors().get("patch_embed.proj.weight");
            assertThat(own.shape()).containsExactly(24, 4, 16, 16);
            assertThat(own.narrow(1, 3, 1).toFloats())
                    .as("the first channel again, by 3/4")
                    .containsExactly(given.narrow(1, 0, 1).mul(0.75).toFloats());
            assertThat(other.state().tensors().get("blocks.0.mlp.fc1.weight").toFloats())
                    .containsExactly(
                            net.state().tensors().get("blocks.0.mlp.fc1.weight").toFloats());
            assertThat(other.state().tensors().get("head.weight").shape()).containsExactly(4, 24);
        }
    }

    @Test
    void saysWhatDoesNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create("vgg11", 10, 3, 64, 0.1, ""))
                .withMessage("vgg11: has no residual branches to skip, so dropPath must be 0, got 0.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create("cct_2_3x2_32", 10, 3, 32, 0, "nowhere.pth"))
                .withMessage("nowhere.pth: no such file, and no published weights of cct_2_3x2_32 dropPath=0.0 are "
                        + "called so. None are known");
    }

    @Test
    void whiteningHidesNoAuxiliaryHeads() {
        try (var scope = new Scope()) {
            Module whitened = Models.create(
                    "googlenet auxiliary=true width=4",
                    dev.fovea.data.Preprocess.of(32, 32, 3).withScaling(dev.fovea.data.Preprocess.Scaling.WHITEN),
                    5);
            whitened.state().initialize(dev.fovea.engine.Random.of(new dev.fovea.engine.Seed(1)));
            assertThat(((AuxiliaryHeads) whitened).allLogits(Tensor.ones(2, 3, 32, 32)))
                    .hasSize(3);
        }
    }

    @Test
    void inceptionsWeightsBeginAsTorchvisions() {
        try (var scope = new Scope()) {
            Module net = Models.create("googlenet auxiliary=true", 100, 3, 32, 0, "");
            assertThat(deviation(net, "inception4e.branch2.1.conv.weight")).isBetween(0.0099, 0.0101);
            assertThat(deviation(net, "aux1.fc2.weight")).isBetween(0.0099, 0.0101);
            Module third = Models.create("inception_v3", 100, 3, 96, 0, "");
            assertThat(deviation(third, "Mixed_6e.branch1x1.conv.weight")).isBetween(0.099, 0.101);
            assertThat(deviation(third, "fc.weight")).isBetween(0.099, 0.101);
            assertThat(deviation(third, "AuxLogits.fc.weight")).isBetween(0.00098, 0.00102);
        }
    }

    private static double deviation(Module net, String name) {
        Tensor values = net.state().tensors().get(name);
        return Math.sqrt(values.mul(values).mean().item());
    }
}
