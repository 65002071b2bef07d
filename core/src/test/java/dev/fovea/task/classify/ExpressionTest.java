package dev.fovea.task.classify;

import static dev.fovea.nn.Layers.conv;
import static dev.fovea.nn.Layers.dense;
import static dev.fovea.nn.Layers.dropout;
import static dev.fovea.nn.Layers.flatten;
import static dev.fovea.nn.Layers.globalAvgPool;
import static dev.fovea.nn.Layers.maxPool;
import static dev.fovea.nn.Layers.relu;
import static dev.fovea.nn.Layers.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.models.Architecture;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.Shape;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpressionTest {

    @TempDir
    private Path folder;

    private static Splits shapes(int size) {
        Dataset train = new Shapes(1, 60, size);
        return new Splits(train, new Shapes(2, 20, size), Dataset.empty(train.classes()), List.of());
    }

    private static Recipe recipe() {
        return Recipe.base("any").withEpochs(2).withBatch(20).withPrecision("fp32");
    }

    private static Recipe withInput(InputSize size, int channels) {
        return recipe().withInput(recipe().input().withSize(size).withChannels(channels));
    }

    /** As README.md has it. */
    private static Sequential ofReadme() {
        return Sequential.of(
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
    }

    @Test
    void trainsSavesAndLoadsWithoutCode() {
        Splits data = shapes(32);
        var classifier = Classifier.train(ofReadme(), data, recipe());
        classifier.save(folder);
        var loaded = Classifier.load(folder);
        assertThat(loaded.config().architecture())
                .isEqualTo(new Architecture.Layers("conv 32 3, relu, maxpool 2, conv 64 3, relu, maxpool 2, conv 64 3, "
                        + "relu, flatten, dense 64, relu, dropout 0.5, dense 10"));
        assertThat(loaded.parameters()).isEqualTo(122_570);
        for (int i = 0; i < 10; i++) {
            Image image = data.validation().image(i);
            assertThat(loaded.predict(image)).isEqualTo(classifier.predict(image));
        }
        var text = Classifier.train(ofReadme().text(), data, withInput(InputSize.square(32), 3));
        assertThat(text.predict(data.validation().image(0)))
                .as("the same network as text")
                .isEqualTo(classifier.predict(data.validation().image(0)));
    }

    @Test
    void theGivenNetworkStaysAsItIs() {
        var net = Sequential.of(shape(3, 16, 16), conv(4, 3), relu(), globalAvgPool(), dense(10));
        float[] before = net.state().tensors().get("0.weight").toFloats();
        Classifier.train(net, shapes(16), recipe().withEpochs(1));
        assertThat(net.state().tensors().get("0.weight").toFloats()).containsExactly(before);
    }

    @Test
    void takesImagesThatAreNotSquareAndGreyOnesWhereTheRecipeSaysSo() {
        var wide = Sequential.of(shape(1, 12, 20), conv(4, 3), relu(), globalAvgPool(), dense(10));
        var classifier =
                Classifier.train(wide, shapes(16), withInput(InputSize.OWN, 1).withEpochs(1));
        assertThat(classifier.config().preprocess().height()).isEqualTo(12);
        assertThat(classifier.config().preprocess().width()).isEqualTo(20);
        assertThat(classifier.config().preprocess().channels()).isEqualTo(1);
    }

    private static void assertRefused(Sequential net, Recipe recipe, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classifier.train(net, shapes(16), recipe))
                .withMessage(message);
    }

    @Test
    void refusesWhatDoesNotFit() {
        var seven = Sequential.of(shape(3, 16, 16), conv(4, 3), globalAvgPool(), dense(7));
        assertRefused(
                seven, recipe(), "the network ends with 7 values, the data has 10 classes. End it with dense(10)");
        var maps = Sequential.of(shape(3, 16, 16), conv(10, 3));
        assertRefused(
                maps,
                recipe(),
                "the network ends with 10x14x14 values, the data has 10 classes. End it with dense(10)");
        var fits = Sequential.of(shape(3, 16, 16), flatten(), dense(10));
        assertRefused(
                fits,
                withInput(InputSize.of("16x32"), 0),
                "the network begins with images of input.size=16, the recipe says 16x32. Leave it out of the recipe, or "
                        + "change the shape");
        assertRefused(
                fits,
                withInput(InputSize.OWN, 1),
                "the network begins with images of input.channels=3, the recipe says 1. Leave it out of the recipe, or "
                        + "change the shape");
        assertRefused(
                Sequential.of(Shape.of(8), dense(10)),
                recipe(),
                "the network takes 8, a classifier takes images. Begin it with shape(channels, height, width)");
        assertRefused(
                new Sequential(List.of(new Dense(8, 10, true))),
                recipe(),
                "this Sequential was put together from layers, so it has neither text nor input shape. Write it as "
                        + "Sequential.of(shape(3, 32, 32), conv(32, 3), ...)");
        var grey = Sequential.of(shape(1, 16, 16), flatten(), dense(10));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Classifier.train(grey, shapes(16), recipe()))
                .withMessage(
                        "the network takes images of 1 channel, the first training image has 3. Begin it with shape(3, ...), "
                                + "or set input.channels=1 in the recipe to have images converted");
    }
}
