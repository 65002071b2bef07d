package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import dev.fovea.data.Preprocess;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPackageTest {

    private static final String LAYERS = "conv 4 3, batchnorm, relu, flatten, dense classes";

    @TempDir
    Path folder;

    private ModelPackage written() {
        Preprocess shown = Preprocess.of(8, 8, 1);
        Module net = Models.create(LAYERS, shown, 2);
        var model = new ModelPackage(
                        new ModelPackage.Config(
                                new TaskConfig("classification", Map.of()),
                                Architecture.of(LAYERS),
                                List.of("a", "b"),
                                shown,
                                Loss.crossEntropy(),
                                Provenance.ofWeights("x")),
                        net)
                .withMetrics(Map.of("loss", 1.0));
        model.write(folder);
        return model;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mnist-cnn", "resnet9-small"})
    void theClassifiersThatGeneratedImagesAreMeasuredByCanBeRead(String name) {
        ModelPackage model = ModelPackage.read(Path.of("..", "bench", "classifiers", name));
        assertThat(model.config().classes()).hasSize(10);
        assertThat(model.config().architecture().text()).isEqualTo(name);
    }

    private Path config() {
        return folder.resolve("config.json");
    }

    private void change(String from, String to) throws IOException {
        String text = Files.readString(config());
        assertThat(text).contains(from);
        Files.writeString(config(), text.replace(from, to));
    }

    @Test
    void weightsThatAreReadAreNotDrawnAgain() {
        ModelPackage model = written();
        Module read = ModelPackage.read(folder).net();
        read.state().initialize(Random.of(new Seed(3)));
        read.state()
                .tensors()
                .forEach((name, tensor) -> assertThat(tensor.toFloats())
                        .as(name)
                        .containsExactly(model.net().state().tensors().get(name).toFloats()));
    }

    @Test
    void comesBackAsItWasWritten() {
        ModelPackage model = written();
        ModelPackage read = ModelPackage.read(folder);
        model.net().state().train(false);
        Tensor x = Tensor.ones(1, 1, 8, 8);
        assertThat(read.config()).isEqualTo(model.config());
        assertThat(Layer.of(read.net()).forward(x).toFloats())
                .containsExactly(Layer.of(model.net()).forward(x).toFloats());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "\"a\", \"b\"; null, \"b\"; every class must have a name, one is null",
                "[ \"a\", \"b\" ]; null; 'classes' is not what belongs there",
                "\"std\" : [ 1.0 ]; \"std\" : [ \"NaN\" ]; needs 1 means and positive deviations, got [0.0] and [NaN]",
                "\"mean\" : [ 0.0 ]; \"mean\" : [ 1e999 ]; needs 1 means and positive deviations, got [Infinity] and [1.0]",
                "\"mean\" : [ 0.0 ]; \"mean\" : [ null ]; 'preprocess' is not what belongs there",
                "\"height\" : 8; \"height\" : 1000000000; an image may have 100,000,000 pixels",
                "\"length\" : 1; \"length\" : 2000000000; length=2000000000",
                "\"height\" : 8; \"height\" : \"x\"; 'preprocess.height' is not what belongs there",
                "\"run\" : \"x\"; \"run\" : null; 'provenance.run' is not what belongs there",
                "\"loss\" : 1.0; \"loss\" : null; metric 'loss' must be a number",
                "flatten, dense; flatten, dense 1000000, dense; the network is too large: ",
                "flatten, dense; upsample 1000, upsample 1000, flatten, dense; upsample 1000: sizes of",
                "\"a\", \"b\"; \"a\"; dense.weight",
                "conv 4 3; conv 4 3 pad=; expected a number"
            })
    void refusesAConfigThatCannotBe(String from, String to, String message) throws IOException {
        written();
        change(from, to);
        String wanted = message.equals("dense.weight") ? "Only the head differs: the class count is another" : message;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPackage.read(folder))
                .withMessageStartingWith(folder.toString())
                .withMessageContaining(wanted)
                .withMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "", "[]", "5", "{", "{}", "\"x\"", "{\"format\":2}"})
    void refusesWhatIsNoConfig(String text) throws IOException {
        written();
        Files.writeString(config(), text);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPackage.read(folder))
                .withMessageStartingWith(config() + ": not readable: ")
                .withMessageNotContaining("\n")
                .withMessageNotContaining("dev.fovea");
    }

    @Test
    void refusesAnotherFormatByItsNumberWhateverElseIsInTheFile() throws IOException {
        written();
        Files.writeString(config(), "{\"format\": 1, \"task\": \"classification\"}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPackage.read(folder))
                .withMessage("%s: format 1, this release reads 2. Use the release that wrote it", config());
    }

    @Test
    void namesTheNetworkWithAllItsOptionsAndLayersAsText() throws IOException {
        assertThat(Architecture.of("vae code=8").values())
                .containsExactly(entry("name", "vae"), entry("code", 8), entry("width", 32));
        assertThat(Architecture.of("vae code=8").text()).isEqualTo("vae code=8");
        assertThat(Architecture.of("vae code=16 width=32").text()).isEqualTo("vae");
        assertThat(Architecture.of(LAYERS).values()).containsExactly(entry("layers", LAYERS));
        String inner = "patchcore backbone=(conv-autoencoder code=8)";
        assertThat(Architecture.of(Architecture.of(inner).values())).isEqualTo(Architecture.of(inner));
        assertThat(Architecture.of(inner).text()).isEqualTo(inner);
    }

    @Test
    void refusesWeightsThatAreNoNumbersByTheNameOfTheTensor() {
        written();
        Path file = folder.resolve(ModelPackage.WEIGHTS);
        var tensors = new LinkedHashMap<>(Safetensors.read(file).tensors());
        tensors.put("1.running_var", Tensor.of(new float[] {1, 1, Float.NaN, 1}, 4));
        Safetensors.write(file, tensors, Map.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPackage.read(folder))
                .withMessage(
                        "%s: '1.running_var' has values that are infinite or not numbers. The weights are damaged, or their training diverged",
                        file);
    }

    @Test
    void aModelThatIsNoNumberIsNotSaved() {
        ModelPackage model = written();
        try (var noGrad = new NoGrad()) {
            model.net().state().tensors().get("0.bias").fill_(Double.NEGATIVE_INFINITY);
        }
        Path other = folder.resolve("other");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> model.write(other))
                .withMessage(
                        "%s: the model is not saved, '0.bias' has values that are infinite or not numbers: the training diverged. Lower the learning rate",
                        other);
        assertThat(other).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "vae width=1048576; option width must be a whole number from 1 to 65536, got 1048576",
                "vae width=60000; the network is too large: one by name or text can have 160,000,000 values",
                "masked-autoencoder depth=60000 width=4 heads=1; the network is too large: ",
                "dense-autoencoder hidden=65536 bottleneck=65536; the network is too large",
                "row-rnn hidden=9999; recurrent: hidden must be at most 2048, got hidden=9999",
                "vq-vae base=-2147483648; option base must be a whole number from 1 to 65536, got -2147483648",
                "dcgan width=65536; too large",
                "dncnn shuffle=65536; too large",
                "transform-codec width=60000; too large",
                "cnn-rnn pool=65536; too large",
                "patchcore backbone=(conv 4 3, relu, upsample 9999, conv 4 3); upsample 9999: sizes of"
            })
    void aRegisteredNameCannotAskForGigabytes(String model, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create(model, 1, 28, 28, 2))
                .withMessageContaining(message);
    }

    @Test
    void aFolderOfRunsNamesOne() throws IOException {
        Path model = Files.createDirectories(folder.resolve("auto-1/small-1/model"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("model.safetensors"), "");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPackage.readConfig(folder.resolve("auto-1")))
                .withMessageEndingWith("It holds runs: name one of them, such as " + folder.resolve("auto-1/small-1"));
    }

    @Test
    void anImageOfAnySizeIsRefusedBeforeANetworkIsMadeForIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create("flatten, dense classes", 3, 1_000_000_000, 1_000_000_000, 2))
                .withMessageContaining("sizes of 3x1000000000x1000000000 are too large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dncnn )=3 width=4\ndncnn )=3 width=4\n",
                "encoder((conv-autoencoder 4=4 width=4), dense classes\nencoder((&a 1 4=4 width=4),\u0000\u0000lasses\n",
                "vq-vae base=-2147483648 codes=) 4={}\nvq-vae",
                "a\u001b[31m\nb",
                "vae width=(a\nb)",
                "dcgan norm=(a\nb)",
                "relu -> relu -> re\nlu"
            })
    void whatIsWrongWithANameIsSaidInOneLine(String model) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create(model, 1, 28, 28, 2))
                .satisfies(e -> assertThat(e.getMessage().chars()).noneMatch(Character::isISOControl));
    }

    @Test
    void brackets30000DeepAreRefusedWhereverANameIsTaken() {
        for (String word : List.of("residual(", "encoder(", "patchcore backbone=(")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Models.create(word.repeat(2_000), 1, 28, 28, 2))
                    .withMessageContaining("more than 50 brackets one in another");
        }
    }
}
