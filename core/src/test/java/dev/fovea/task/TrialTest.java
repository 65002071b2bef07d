package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.image.Image;
import dev.fovea.run.Trial;
import dev.fovea.run.Trial.Role;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialTest {

    private static final Path PACKAGES = Path.of("src/test/resources/packages");

    private static Trial trial(String name) {
        return Tasks.ALL.load(PACKAGES.resolve(name), "cpu").trial();
    }

    private static Image input(String name) {
        return Image.read(PACKAGES.resolve(name).resolve("input.png"));
    }

    @ParameterizedTest
    @CsvSource({ // package, values, images
        "classify/registry, top, ''",
        "multilabel, labels, ''",
        "regress, values, ''",
        "detect, confidence objects, ''",
        "segment, regions, CLASSES",
        "embedding, embedding, ''",
        "restore, degradation, INPUT OUTPUT",
        "compress, bitsPerPixel bytes jpegBitsPerPixel jpegBytes jpegPsnr psnr, INPUT OUTPUT COMPARED",
        "autoencode, psnr, INPUT OUTPUT",
        "anomaly, score, INPUT HEAT"
    })
    void everyTaskShowsWhatItMakesOfAnImage(String name, String values, String images) {
        Trial.Outcome outcome = trial(name).of(input(name));
        assertThat(outcome.values()).containsKeys(values.split(" "));
        assertThat(outcome.text()).isNotEmpty();
        assertThat(outcome.images().keySet())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(images.split(" "))
                        .filter(role -> !role.isEmpty())
                        .map(Role::valueOf)
                        .collect(Collectors.toSet()));
    }

    @Test
    void anImageThatIsRestoredForAnExampleIsDegradedFirst() {
        Trial.Outcome outcome = trial("restore").example(input("restore"), 1);
        assertThat(outcome.images().keySet()).containsExactlyInAnyOrder(Role.INPUT, Role.OUTPUT, Role.TARGET);
        assertThat((double) outcome.values().get("inputPsnr")).isLessThan(60);
        assertThat(Image.of(outcome.images().get(Role.TARGET)).pixels())
                .isNotEqualTo(Image.of(outcome.images().get(Role.INPUT)).pixels());
    }

    @Test
    void aDetectorAlsoShowsWhatItIsNotSureOf() {
        Trial.Outcome outcome = trial("detect").of(input("detect"));
        var own = Tasks.ALL.load(PACKAGES.resolve("detect"), "cpu").predictor().predict(input("detect"));
        assertThat((java.util.List<?>) outcome.values().get("objects"))
                .hasSizeGreaterThanOrEqualTo(((java.util.List<?>) own.values().get("objects")).size());
        assertThat(outcome.text()).isEqualTo(own.text());
    }

    @Test
    void aGeneratorDoesNothingWithAnImage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trial("generate/gan"))
                .withMessageContaining("predicts nothing about an image");
    }

    @Test
    void aMaskIsRefusedWhereNothingIsToBeFilledIn() {
        Image image = input("restore");
        Trial trial = trial("restore");
        assertThat(trial.masked()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trial.of(image, Optional.of(image), Map.of()))
                .withMessageContaining("a mask is for a network that fills holes");
    }

    @Test
    void embeddingsCompareTwoImages() {
        Image image = input("embedding");
        Trial trial = trial("embedding");
        assertThat(trial.compares()).isTrue();
        assertThat((double) trial.compared(image, image).values().get("similarity"))
                .isCloseTo(1, org.assertj.core.api.Assertions.within(1e-5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trial("restore").compared(image, image))
                .withMessage("this model answers about one image. Leave the other one out");
    }
}
