package dev.fovea.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import dev.fovea.models.Models;
import dev.fovea.models.PublishedNames;
import dev.fovea.nn.Module;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PyTorchWeightsTest {

    @TempDir
    private Path folder;

    private static Module net(String model) {
        Module net = Models.create(model, 3, 32, 32, 5);
        net.state().initialize(Random.of(new Seed(1)));
        return net;
    }

    /** What is read again under the publisher's names is what was written. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resnet18 width=8|TRANSFORMERS|resnet.encoder.stages.1.layers.0.shortcut.convolution.weight",
                "resnet50 width=8|TRANSFORMERS|resnet.embedder.embedder.normalization.running_var",
                "vit_tiny_patch16_224 patch=8 width=32 depth=2 heads=2 hidden=64|TRANSFORMERS|vit.encoder.layer.1.attention.attention.key.weight",
                "vit_b_16 patch=8 width=32 depth=2 heads=2 hidden=64|TRANSFORMERS|vit.encoder.layer.0.attention.attention.value.bias",
                "vit_b_16 patch=8 width=32 depth=2 heads=2 hidden=64|TIMM|blocks.1.attn.qkv.weight",
                "convnext_tiny depths=1,1,1,1 widths=8,16,16,32|TRANSFORMERS|convnext.encoder.stages.2.layers.0.layer_scale_parameter",
                "convnext_tiny depths=1,1,1,1 widths=8,16,16,32|TIMM|stages.3.blocks.0.gamma",
            })
    void hasThePublishersNames(String model, PyTorchWeights.Layout layout, String example) {
        Module net = net(model);
        Path file = folder.resolve("weights.safetensors");
        PyTorchWeights.write(file, net, layout);
        Map<String, Tensor> published = Safetensors.read(file).tensors();
        assertThat(published).containsKey(example);
        published.keySet().removeIf(name -> name.endsWith("num_batches_tracked"));
        Map<String, Tensor> again = PublishedNames.of(net, published);
        Map<String, Tensor> own = net.state().tensors();
        assertThat(again.keySet()).containsExactlyInAnyOrderElementsOf(own.keySet());
        own.forEach(
                (name, tensor) -> assertThat(again.get(name).toBytes()).as(name).isEqualTo(tensor.toBytes()));
    }

    @Test
    void countsBatchesAsPyTorchDoes() {
        Path file = folder.resolve("weights.safetensors");
        int count = PyTorchWeights.write(file, net("resnet18 width=8"), PyTorchWeights.Layout.OWN);
        assertThat(count).isEqualTo(122); // torchvision's resnet18 has as many
        Tensor counted = Safetensors.read(file).tensors().get("layer1.0.bn1.num_batches_tracked");
        assertThat(counted.description()).isEqualTo("int64[]");
    }

    /** The places that torchvision 0.14 has in a window of 2 x 2. */
    @Test
    void hasThePlacesInTablesOfWindows() {
        Path file = folder.resolve("weights.safetensors");
        PyTorchWeights.write(
                file, net("swin_t patch=2 width=32 depths=2,1 heads=1,2 window=2"), PyTorchWeights.Layout.OWN);
        assertThat(Safetensors.read(file)
                        .tensors()
                        .get("features.1.0.attn.relative_position_index")
                        .toLongs())
                .containsExactly(4, 3, 1, 0, 5, 4, 2, 1, 7, 6, 4, 3, 8, 7, 5, 4);
    }

    @ParameterizedTest
    @CsvSource({"mobilenet_v2 width=0.25, TIMM, timm", "unet width=4, TRANSFORMERS, transformers"})
    void saysThatNamesAreNotKnown(String model, PyTorchWeights.Layout layout, String publisher) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PyTorchWeights.write(folder.resolve("weights.safetensors"), net(model), layout))
                .withMessage(
                        "the names that %s has for the tensors of such a network are not known".formatted(publisher));
        assertThat(folder).isEmptyDirectory();
    }
}
