package dev.fovea.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.data.BatchTransform;
import dev.fovea.data.GeometricTransform;
import dev.fovea.image.Fill;
import dev.fovea.models.Models;
import dev.fovea.nn.Loss;
import dev.fovea.optim.Optimizer;
import dev.fovea.optim.Schedule;
import dev.fovea.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeFileTest {

    @TempDir
    Path folder;

    private Recipe read(String text, String... settings) throws IOException {
        Path file = folder.resolve("cat.yaml");
        Files.writeString(file, text);
        return Tasks.ALL.recipes().read(file, List.of(settings));
    }

    @Test
    void aModelMayBeAMapping() throws IOException {
        assertThat(read("model: {name: vae, code: 8}\n").model()).isEqualTo("vae code=8");
        assertThat(read("model: {name: resnet18, depths: [1, 1, 1, 1], width: 16}\n")
                        .model())
                .isEqualTo("resnet18 depths=1,1,1,1 width=16");
        assertThat(read("model: {layers: 'flatten, dense classes'}\n").model()).isEqualTo("flatten, dense classes");
        assertThatExceptionOfType(RecipeException.class)
                .isThrownBy(() -> read("model: {name: vae, cod: 8}\n"))
                .withMessageEndingWith("vae: unknown option 'cod', did you mean 'code'? it takes code=16, width=32");
        assertThatExceptionOfType(RecipeException.class)
                .isThrownBy(() -> read("model: [vae, 8]\n"))
                .withMessageEndingWith("model must be a name with its options, or layers as text, as in 'vae code=8'");
    }

    @Test
    void readsWhatItPrints() throws IOException {
        for (Optimizer optimizer : Optimizer.defaults()) {
            for (Schedule schedule : Schedule.defaults()) {
                for (Loss loss : Loss.defaults()) {
                    Recipe recipe = Tasks.ALL
                            .recipe("resnet18")
                            .withOptimizer(optimizer)
                            .withSchedule(schedule)
                            .withLoss(loss)
                            .withAugment(
                                    GeometricTransform.Flip.horizontal(),
                                    new GeometricTransform.Rotate(20, Fill.CONSTANT, 7))
                            .withAugmentBatch(new BatchTransform.CutMix(0.5, 0.9))
                            .withSeed(7);
                    assertThat(read(RecipeFile.print(recipe))).isEqualTo(recipe);
                }
            }
        }
    }

    @Test
    void keysLeftOutHaveTheirTypesDefaults() throws IOException {
        Recipe recipe = read(
                "model: cifar-cnn\noptimizer: {type: sgd, lr: 0.4}\naugment: [flip, {type: rotate, degrees: 3}]\n");
        assertThat(recipe.optimizer()).isEqualTo(new Optimizer.Sgd(0.4, 0.9, false, 0));
        assertThat(recipe.augment())
                .containsExactly(
                        new GeometricTransform.Flip(GeometricTransform.Mode.HORIZONTAL, 0.5),
                        new GeometricTransform.Rotate(3, Fill.NEAREST, 0));
        assertThat(recipe.epochs()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "224, 224, 224", "480x360, 480, 360", "32x32, 32, 32"})
    void sizesAreHeightTimesWidth(String text, int height, int width) throws IOException {
        Recipe recipe = read("model: cifar-cnn\ninput: {size: " + text + "}\n");
        assertThat(recipe.input().size()).isEqualTo(new InputSize(height, width));
        assertThat(Tasks.ALL.recipes().parse(RecipeFile.print(recipe), List.of(), "again"))
                .isEqualTo(recipe);
        assertThat(Tasks.ALL
                        .recipes()
                        .with(Tasks.ALL.recipe("cifar-cnn"), List.of("input.size=" + text))
                        .input())
                .isEqualTo(recipe.input());
    }

    @Test
    void settingsWinOverTheFile() throws IOException {
        Recipe recipe = read(
                "model: cifar-cnn\nepochs: 3\n",
                "optimizer.lr=0.25",
                "epochs=5",
                "augment=[{type: zoom, fill: reflect}]");
        assertThat(recipe.optimizer().lr()).isEqualTo(0.25);
        assertThat(recipe.epochs()).isEqualTo(5);
        assertThat(recipe.augment()).containsExactly(new GeometricTransform.Zoom(List.of(0.8, 1.2), Fill.REFLECT, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model: a`optimizer: {type: sgd, lr_rate: 1}|cat.yaml:2: unknown key 'optimizer.lr_rate', did you mean 'optimizer.lr'? sgd takes lr, momentum, nesterov, weightDecay",
                "model: a`epoch: 3|cat.yaml:2: unknown key 'epoch', did you mean 'epochs'? a recipe takes model, task, epochs",
                "model: a`optimizer: {type: adm}|cat.yaml:2: optimizer.type must be one of sgd, adam, adamw, rmsprop, muon, got 'adm', did you mean 'adam'?",
                "model: a`augment:`- flip`- type: rotate`  degree: 3|cat.yaml:5: unknown key 'augment[1].degree', did you mean 'augment[1].degrees'? rotate takes degrees, fill, fillValue",
                "model: a`augment:`- type: flip`- type: turn|cat.yaml:4: augment[1].type must be one of crop, flip, alternating-flip, translate, rotate, shear, zoom, perspective, rand-augment, trivial-augment, auto-augment, augmix, color, channel-shift, grayscale, cutout, erase, corrupt, got 'turn'",
                "model: a`augment:`- flip`- degrees: 3|cat.yaml:4: augment[1] needs a type, one of crop, flip,",
                "model: a`augment:`- {type: rotate, degrees: 200}|cat.yaml:3: rotate.degrees must be 0 to 180, got degrees=200",
                "model: a`augment:`- flip`- crop|augment: crop takes its part of the image as it was read, so there is one and it comes first, got it in place 2",
                "model: a`update: {gradientClip: -1}|update.gradientClip must be 0 (off) or more, got update.gradientClip=-1.0",
                "model: a`epochs: many|cat.yaml:2: epochs must be a whole number of at most 2147483647, got many",
                "model: a`input: 3|cat.yaml:2: 'input' holds keys (size, channels, repeats, augmentRepeats, resize, crop, filter, antialias, normalize, mean, std, frames, progressiveResizing, multiScale, balancedCrops), got 3",
                "model: a`epochs: 3`seed: 1`epochs: 5|cat.yaml:4: 'epochs' is given twice, first in line 2. Leave one out",
                "model: a`input:`  size: 8`  size: 16|cat.yaml:4: 'input.size' is given twice, first in line 3. Leave one out",
                "model: [|not readable as YAML",
                "epochs: 3|not a recipe: expected keys with values, 'model' among them"
            })
    void saysWhatIsWrongAndWhere(String text, String message) {
        assertThatExceptionOfType(RecipeException.class)
                .isThrownBy(() -> read(text.replace('`', '\n')))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ".=1|setting '.=1': expected key=value with a key such as epochs or optimizer.lr",
                "=1|setting '=1': expected key=value with a key such as epochs or optimizer.lr",
                "epochs|setting 'epochs': expected key=value with a key such as epochs or optimizer.lr",
                "a..b=1|expected key=value",
                "epochs=[1,|setting 'epochs=[1,': '[1,' is no value: an open bracket or quote, or a character that YAML reserves",
                "seed='|setting 'seed='': ''' is no value",
                "augment={{}:1}|setting 'augment={{}:1}'",
                "augment=[{type: flip, mode: {{}:1}}]|setting 'augment=[{type: flip, mode: {{}:1}}]'",
                "augment=flip|augment must be a list, such as [{type: crop}], got flip",
                "augment.horizontalFlip=true|augment must be a list, such as [{type: crop}], got keys without a type",
                "augment=[{type: flip, mode: left}]|augment[0].mode must be one of horizontal, vertical, both, got 'left'",
                "augment=[{type: crop, area: 0.5}]|augment[0].area must be a list, as in [1, 2]",
                "augment=[{type: crop, area: [0.5, 0.1]}]|setting 'augment=[{type: crop, area: [0.5, 0.1]}]': crop.area must be two numbers, the smaller first, within 0.01 to 1, got area=[0.5, 0.1]",
                "augmentBatch=[mixin]|augmentBatch[0].type must be one of mixup, cutmix, mosaic, copy-paste, got 'mixin', did you mean 'mixup'?",
                "augment=[{type: flip, degrees: 3}]|unknown key 'augment[0].degrees', which only rotate, shear have. flip takes mode, p",
                "optimizer.type={}|setting 'optimizer.type={}': optimizer.type must be one of sgd, adam, adamw, rmsprop, muon, got '{}'",
                "epochs=1.5|setting 'epochs=1.5': epochs must be a whole number of at most 2147483647, got 1.5",
                "epochs=99999999999|setting 'epochs=99999999999': epochs must be a whole number of at most 2147483647, got 99999999999",
                "optimizer={type: sgd, lr: 1, lr: 2}|setting 'optimizer={type: sgd, lr: 1, lr: 2}': 'lr' is given twice",
                "optimizer.lr=fast|setting 'optimizer.lr=fast': optimizer.lr must be a finite number, got fast",
                "update.gradientClip=1e999|update.gradientClip must be a finite number, got Infinity",
                "update.gradientClip=.nan|update.gradientClip must be a finite number",
                "optimizer.lr=|optimizer.lr must be a finite number, got nothing",
                "optimizer.lr=[1]|optimizer.lr must be a finite number, got [1]",
                "input.size=10x|setting 'input.size=10x': input.size must be 0 (the model's own), a side of 1 to 4096, or HEIGHTxWIDTH as in 480x360, got input.size=10x",
                "input.size=-3|input.size must be 0 (the model's own), a side of 1 to 4096, or HEIGHTxWIDTH as in 480x360, got input.size=-3",
                "input.size=5000|or HEIGHTxWIDTH as in 480x360, got input.size=5000",
                "input.size=12x9000|or HEIGHTxWIDTH as in 480x360, got input.size=12x9000",
                "input.size=0x5|or HEIGHTxWIDTH as in 480x360, got input.size=0x5",
                "input.size=[3, 4]|or HEIGHTxWIDTH as in 480x360, got input.size=[3,4]",
                "input.resize=strech|setting 'input.resize=strech': input.resize must be one of stretch, crop, fit, patch, got 'strech', did you mean 'stretch'?",
                "input.resize=|input.resize must be a word, got nothing",
                "schedule.type=onecycle|schedule.type must be one of constant, step, cosine, linear, one-cycle, plateau, got 'onecycle', did you mean 'one-cycle'?",
                "schedule=onecycle|'schedule' holds keys (type, warmup, end), got onecycle. Did you mean schedule.type=one-cycle?",
                "lr=0.1|unknown key 'lr', did you mean 'optimizer.lr'? a recipe takes model",
                "weight_decay=0.1|unknown key 'weight_decay', did you mean 'optimizer.weightDecay'?",
                "optimizer.momentum=0.9|unknown key 'optimizer.momentum', which only sgd, rmsprop, muon have. adam takes lr, beta1",
                "zzzz=1|unknown key 'zzzz'. a recipe takes model"
            })
    void saysWhatIsWrongWithASetting(String setting, String message) {
        assertThatExceptionOfType(RecipeException.class)
                .isThrownBy(() -> Tasks.ALL.recipes().of("cifar-cnn", List.of(setting)))
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage())
                        .doesNotContain("\n", "Cannot deserialize", "dev.fovea", "java.", "node"));
    }

    @Test
    void aMessageIsOneLineWhateverStandsInTheFile() {
        assertThatExceptionOfType(RecipeException.class)
                .isThrownBy(() -> read("model: resnet18\n\"e\\nx\\u001b\": 1\n"))
                .withMessageContaining("unknown key 'e\\nx\\u001b'");
        assertThatExceptionOfType(RecipeException.class)
                .isThrownBy(() -> read("model: resnet18\noptimizer: {type: \"\\n\", lr: 1}\n"))
                .withMessageContaining("cat.yaml:2: optimizer.type must be one of")
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
        assertThatExceptionOfType(RecipeException.class)
                .isThrownBy(() -> Tasks.ALL.recipes().of("cifar-cnn", List.of("task.type=\"\\n\"", "task.~=jpeg")))
                .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }

    @Test
    void takesNumbersAsPeopleWriteThem() {
        Recipe recipe = Tasks.ALL
                .recipes()
                .of("cifar-cnn", List.of("optimizer.lr=3e-4", "epochs='5'", "update.gradientClip=1"));
        assertThat(recipe.optimizer().lr()).isEqualTo(3e-4);
        assertThat(recipe.epochs()).isEqualTo(5);
        assertThat(recipe.update().gradientClip()).isEqualTo(1);
    }

    static Stream<Path> shipped() throws IOException {
        return Files.list(Path.of("../recipes")).filter(file -> file.toString().endsWith(".yaml"));
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedRecipeNamesAModel(Path file) {
        Recipe recipe = Tasks.ALL.recipes().read(file, List.of());
        assertThat(Models.isText(recipe.model()) || Models.find(recipe.model()).isPresent())
                .isTrue();
    }

    @Test
    void prototypesWeighAllClassesAlike() {
        assertThat(Tasks.ALL.recipes().of("prototypes", List.of()).balances()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "epochs=3, false",
        "selection.sampling=class-balanced, true",
        "selection.sampling=square-root, true",
        "task.logitAdjustment=1, true",
        "task.reweight=0.999, true",
        "task.discard=0.1, false"
    })
    void aRecipeKnowsWhetherItMakesUpForRareClasses(String setting, boolean balances) {
        assertThat(Tasks.ALL.recipes().of("cifar-cnn", List.of(setting)).balances())
                .isEqualTo(balances);
    }
}
