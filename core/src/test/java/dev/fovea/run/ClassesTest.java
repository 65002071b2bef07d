package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Mask;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassesTest {

    private static final List<String> NAMES = List.of("sky", "road");

    @Test
    void masksOfNumbersThatNothingNamesAreTakenByTheirNumbers() {
        Dataset matched = Classes.matched(masks(List.of("class 0", "class 1", "class 2"), 0, 1, 2, 255), NAMES);
        assertThat(matched.classes()).isEqualTo(NAMES);
        assertThat(((Target.PixelLabels) matched.target(0)).classes().values())
                .as("the number behind the last class is not labelled")
                .containsExactly(0, 1, 255, 255);
    }

    @Test
    void moreNumbersThanClassesAreRefused() {
        Dataset data = masks(List.of("class 0", "class 1", "class 2", "class 3"), 0, 1, 2, 3);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Classes.matched(data, NAMES))
                .withMessageContaining("classes that the model does not know: 'class 0'");
    }

    @Test
    void foldersWithNumbersAsNamesStayWhatTheyAreCalled() {
        var image = new Image(1, 1, 1, new byte[1]);
        Dataset data = Dataset.of(List.of(image), List.of("class 0", "class 1"), List.of(new Target.Label(1)));
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> Classes.matched(data, NAMES));
    }

    private static Dataset masks(List<String> classes, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        var target = new Target.PixelLabels(new Mask(new Size(1, values.length), bytes));
        return Dataset.of(List.of(new Image(values.length, 1, 1, new byte[values.length])), classes, List.of(target));
    }
}
