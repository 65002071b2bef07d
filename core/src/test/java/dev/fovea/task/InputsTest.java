package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.train.RecipeFile;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputsTest {

    @Test
    void aBatchThatIsTooLargeIsRefusedBeforeAnImageIsRead() {
        var recipe = RecipeFile.of("cifar-cnn", List.of("input.size=4096", "batch=4096", "input.normalize=data"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Inputs.of(recipe, new Unread()))
                .withMessageMatching("batch: 4,096 images of 4096x4096x3 take 196,608 MB, a batch may take .*");
    }

    /** Whose images would take long to read. */
    private static final class Unread implements Dataset {
        @Override
        public List<String> classes() {
            return List.of("a", "b");
        }

        @Override
        public int size() {
            return 10_000;
        }

        @Override
        public int label(int index) {
            return index % 2;
        }

        @Override
        public String name(int index) {
            return "image " + index;
        }

        @Override
        public Image image(int index) {
            throw new AssertionError("image " + index + " was read");
        }
    }
}
