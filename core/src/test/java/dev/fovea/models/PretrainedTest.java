package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import dev.fovea.nn.Module;
import dev.fovea.nn.WeightsMismatchException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PretrainedTest {

    @TempDir
    private Path folder;

    private static Module net(int classes) {
        return Drawn.by(classes, Models.get("mnist-cnn").create(1, 28, 28, classes));
    }

    private Path saved(Map<String, Tensor> tensors) {
        Path file = folder.resolve("weights.safetensors");
        Safetensors.write(file, tensors, Map.of());
        return file;
    }

    @Test
    void saysThatAllWasLoaded() {
        Path file = saved(net(10).state().tensors());
        Module into = net(10);
        int count = into.state().tensors().size();
        assertThat(Pretrained.load(file, into).text())
                .isEqualTo("weights: %d of %d tensors are those of %s", count, count, file);
    }

    @Test
    void namesWhatKeepsItsFirstValuesAndWhatIsNotUsed() {
        var tensors = new LinkedHashMap<>(net(10).state().tensors());
        tensors.put("AuxLogits.fc.weight", Tensor.zeros(3));
        Path file = saved(tensors);
        Module into = net(3);
        Pretrained.Loaded loaded = Pretrained.load(file, into);
        assertThat(loaded.kept()).hasSize(2).allMatch(name -> name.endsWith(".weight") || name.endsWith(".bias"));
        assertThat(loaded.unused()).containsExactly("AuxLogits.fc.weight");
        assertThat(loaded.text())
                .contains("; left at their first values: " + String.join(", ", loaded.kept()))
                .endsWith("; not used: AuxLogits.fc.weight");
    }

    @Test
    void ignoresAHeadThatFitsWhereAskedTo() {
        Path file = saved(net(10).state().tensors());
        Module into = net(10);
        Pretrained.Loaded loaded = Pretrained.load(file, into, true);
        assertThat(loaded.kept()).hasSize(2);
        assertThat(loaded.unused()).isEmpty();
        assertThat(loaded.loaded()).hasSize(into.state().tensors().size() - 2);
    }

    @Test
    void theFirstConvolutionIsAdaptedToOtherChannelsAsTimmDoesIt() {
        var entry = Models.get("resnet18");
        Path file = saved(Drawn.by(1, entry.create(3, 32, 32, 5)).state().tensors());
        float[] three = Safetensors.read(file).tensors().get("conv1.weight").toFloats();
        Module grey = Drawn.by(2, entry.create(1, 32, 32, 5));
        assertThat(Pretrained.load(file, grey).texts())
                .hasSize(2)
                .last()
                .isEqualTo("weights: 'conv1.weight' is for 3 channels in the file, its sum over them is used for 1");
        float[] one = grey.state().tensors().get("conv1.weight").toFloats();
        assertThat(one[0]).isEqualTo(three[0] + three[49] + three[98], within(1e-6f));
        Module four = Drawn.by(2, entry.create(4, 32, 32, 5));
        assertThat(Pretrained.load(file, four).adapted())
                .containsExactly("'conv1.weight' is for 3 channels in the file, repeated and scaled by 3/4 for 4");
        float[] values = four.state().tensors().get("conv1.weight").toFloats();
        assertThat(values[0]).isEqualTo(three[0] * 0.75f, within(1e-6f));
        assertThat(values[3 * 49]).isEqualTo(three[0] * 0.75f, within(1e-6f));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fovea-det width=12",
                "retinanet_resnet50_fpn backbone=resnet18 width=32",
                "fcos_resnet50_fpn backbone=resnet18 width=32",
                "fasterrcnn_resnet50_fpn backbone=resnet18 width=32 hidden=32",
                "maskrcnn_resnet50_fpn backbone=resnet18 width=32 hidden=32",
                "detr_resnet50 backbone=resnet18 width=32 heads=4 hidden=64 encoders=1 decoders=1",
                "lraspp_mobilenet_v3_large backbone=resnet18 width=32",
                "deeplabv3plus encoder=resnet18 width=32",
                "unet encoder=resnet18 presence=true width=64"
            })
    void aDetectorOfOtherClassesGivesAllButWhatCountsThem(String model) {
        Path file =
                saved(Drawn.by(1, Models.create(model, 3, 64, 64, 2)).state().tensors());
        Pretrained.Loaded loaded = Pretrained.load(file, Drawn.by(2, Models.create(model, 3, 64, 64, 5)));
        assertThat(loaded.kept()).hasSizeBetween(2, 8); // weight and bias of each layer that ends in classes
        assertThat(loaded.loaded()).hasSizeGreaterThan(60);
        assertThat(loaded.unused()).isEmpty();
        assertThatExceptionOfType(WeightsMismatchException.class)
                .isThrownBy(() -> Pretrained.load(
                        file, Drawn.by(2, Models.create(model.replaceFirst("width=\\d+", "width=48"), 3, 64, 64, 2))));
    }

    @ParameterizedTest
    @CsvSource({
        "fovea-det backbone=resnet18, backbone.",
        "retinanet_resnet50_fpn backbone=resnet18 width=32, backbone.body.",
        "detr_resnet50 backbone=resnet18 width=32 heads=4 hidden=64 encoders=1 decoders=1, backbone.0.body.",
        "unet encoder=resnet18, encoder.",
        "fpn encoder=resnet18 width=32, encoder.",
        "deeplabv3plus encoder=resnet18 width=32, encoder.",
        "fcn_resnet50 backbone=resnet18, backbone.",
        "segformer_b0 backbone=resnet18, backbone."
    })
    void aClassifierGivesWhatStandsOnItItsBackbone(String model, String prefix) {
        Module classifier = Drawn.by(1, Models.get("resnet18").create(3, 64, 64, 10));
        Module detector = Drawn.by(2, Models.create(model, 3, 64, 64, 2));
        Pretrained.Loaded loaded = Pretrained.load(saved(classifier.state().tensors()), detector);
        assertThat(loaded.loaded())
                .hasSizeGreaterThan(60)
                .contains(prefix + "layer4.1.conv2.weight")
                .allMatch(name -> name.startsWith(prefix));
        assertThat(loaded.kept()).isNotEmpty().noneMatch(name -> name.startsWith(prefix));
        assertThat(loaded.unused()).containsExactlyInAnyOrder("fc.weight", "fc.bias");
        String last = "layer4.1.bn2.running_var";
        assertThat(detector.state().tensors().get(prefix + last).toFloats())
                .isEqualTo(classifier.state().tensors().get(last).toFloats());
        assertThat(WeightsEntry.find(model, "imagenet").orElseThrow().model()).isEqualTo("resnet18");
    }

    /** Its layers have their places alone for names there. */
    @ParameterizedTest
    @CsvSource({"lraspp_mobilenet_v3_large backbone, backbone.", "unet encoder, encoder.features."})
    void aMobileNetGivesASegmentationNetworkItsBackbone(String model, String prefix) {
        String mobile = "mobilenet_v3_large width=0.25";
        Module classifier = Drawn.by(1, Models.create(mobile, 3, 64, 64, 10));
        Module net = Drawn.by(2, Models.create("%s=(%s)".formatted(model, mobile), 3, 64, 64, 2));
        Pretrained.Loaded loaded = Pretrained.load(saved(classifier.state().tensors()), net);
        assertThat(loaded.kept()).isNotEmpty().noneMatch(name -> name.startsWith(prefix));
        assertThat(loaded.unused()).allMatch(name -> name.startsWith("classifier."));
        String last = "15.block.3.0.weight";
        assertThat(net.state().tensors().get(prefix + last).toFloats())
                .isEqualTo(classifier.state().tensors().get("features." + last).toFloats());
    }

    /** For one channel the sum, so that a grey image says what it said as three; for more each in turn, scaled. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void anEncodersFirstConvolutionIsAdaptedToOtherChannels(int channels) {
        Module classifier = Drawn.by(1, Models.get("resnet18").create(3, 64, 64, 10));
        Module net = Drawn.by(2, Models.create("unet encoder=resnet18", channels, 64, 64, 2));
        Pretrained.Loaded loaded = Pretrained.load(saved(classifier.state().tensors()), net);
        assertThat(loaded.adapted()).singleElement().asString().contains("'encoder.conv1.weight' is for 3 channels");
        Tensor given = classifier.state().tensors().get("conv1.weight");
        Tensor own = net.state().tensors().get("encoder.conv1.weight");
        for (int i = 0; i < channels; i++) {
            Tensor wanted = channels == 1
                    ? given.sum(1).reshape(64, 1, 7, 7)
                    : given.narrow(1, i % 3, 1).mul(3.0 / channels);
            assertThat(own.narrow(1, i, 1).toFloats()).containsExactly(wanted.toFloats(), within(1e-6f));
        }
    }

    @Test
    void refusesWeightsThatAreNoNumbers() {
        var tensors = new LinkedHashMap<>(net(10).state().tensors());
        String name = tensors.keySet().iterator().next();
        float[] values = tensors.get(name).toFloats();
        values[3] = Float.NaN;
        tensors.put(name, Tensor.of(values, tensors.get(name).shape()));
        Path file = saved(tensors);
        assertThatExceptionOfType(WeightsMismatchException.class)
                .isThrownBy(() -> Pretrained.load(file, net(10)))
                .withMessageContaining("'%s' has values that are infinite or not numbers", name);
    }

    @Test
    void largeWeightsWhoseSumOverflowsAreStillFinite() {
        var tensors = new LinkedHashMap<>(net(10).state().tensors());
        String name = tensors.keySet().iterator().next();
        float[] values = tensors.get(name).toFloats();
        Arrays.fill(values, 3e38f);
        tensors.put(name, Tensor.of(values, tensors.get(name).shape()));
        assertThat(Pretrained.load(saved(tensors), net(10)).kept()).isEmpty();
    }

    @Test
    void refusesWeightsOfAnotherArchitectureByNames() {
        Path file = saved(net(10).state().tensors());
        Module into = Models.get("resnet18").create(3, 32, 32, 10);
        assertThatExceptionOfType(WeightsMismatchException.class)
                .isThrownBy(() -> Pretrained.load(file, into))
                .withMessageContaining("missing in the file: conv1.weight")
                .withMessageContaining("unknown to the net: ");
    }

    @Test
    void positionsOfAnotherSizeOfImagesAreInterpolatedAndComputedTensorsIgnored() {
        String name = "vit_tiny_patch4_32 width=6 depth=1 heads=1 hidden=4";
        var tensors = new LinkedHashMap<>(
                Drawn.by(1, Models.create(name, 3, 32, 32, 10)).state().tensors());
        tensors.put("blocks.0.attn.relative_position_index", Tensor.zeros(3));
        Path file = saved(tensors);
        Module into = Drawn.by(2, Models.create(name, 3, 16, 24, 10));
        Pretrained.Loaded loaded = Pretrained.load(file, into);
        assertThat(loaded.kept()).isEmpty();
        assertThat(loaded.adapted()).containsExactly("'pos_embed' is for another size in the file, interpolated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fovea-det",
                "fovea-det nms=false",
                "ssd300_vgg16",
                "ssdlite320_mobilenet_v3_large",
                "retinanet_resnet50_fpn backbone=resnet18",
                "fcos_resnet50_fpn backbone=resnet18",
                "fasterrcnn_resnet50_fpn backbone=resnet18",
                "maskrcnn_resnet50_fpn backbone=resnet18",
                "keypointrcnn_resnet50_fpn backbone=resnet18",
                "detr_resnet50 backbone=resnet18",
                "fovea-seg width=8 auxiliary=true",
                "unet width=8 presence=true",
                "fpn encoder=resnet18 presence=true",
                "deeplabv3plus encoder=resnet18 presence=true",
                "deeplabv3_resnet50 backbone=resnet18",
                "lraspp_mobilenet_v3_large",
                "segformer_b0"
            })
    void aNetworkNamesAllThatDependsOnTheNumberOfClasses(String model) {
        Map<String, Tensor> two = Models.create(model, 3, 320, 320, 2).state().tensors();
        Module many = Models.create(model, 3, 320, 320, 90);
        List<String> layers = many instanceof SegmentationNet segmenter
                ? segmenter.classLayers()
                : ((DetectionNet) many).classLayers();
        many.state().tensors().forEach((name, tensor) -> {
            if (!Arrays.equals(tensor.shape(), two.get(name).shape())) {
                assertThat(layers).as(name).anyMatch(name::startsWith);
            }
        });
    }

    @Test
    void theHeadOfADetectorIsIgnoredWhereAskedTo() {
        String model = "fovea-det width=12";
        Path file =
                saved(Drawn.by(1, Models.create(model, 3, 64, 64, 2)).state().tensors());
        Pretrained.Loaded loaded = Pretrained.load(file, Drawn.by(2, Models.create(model, 3, 64, 64, 2)), true);
        assertThat(loaded.kept()).isNotEmpty().allMatch(name -> name.matches("head\\d\\.classes\\..*"));
    }

    @Test
    void aBackboneIsFoundInWhateverOrderItsFileHas() {
        var tensors = new TreeMap<>(Drawn.by(1, Models.get("resnet18").create(3, 64, 64, 10))
                .state()
                .tensors());
        var sorted = new LinkedHashMap<String, Tensor>();
        tensors.keySet().stream()
                .filter(name -> name.endsWith("running_var"))
                .forEach(name -> sorted.put(name.replace("running_var", "num_batches_tracked"), Tensor.zeros(1)));
        sorted.putAll(tensors.descendingMap());
        Pretrained.Loaded loaded =
                Pretrained.load(saved(sorted), Drawn.by(2, Models.create("fovea-det backbone=resnet18", 3, 64, 64, 2)));
        assertThat(loaded.unused()).containsExactlyInAnyOrder("fc.weight", "fc.bias");
        assertThat(loaded.loaded()).contains("backbone.layer4.1.conv2.weight");
    }
}
