package dev.fovea.task.recorded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import dev.fovea.task.Tasks;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that are asked about several images at once. */
class SeveralImagesTest {

    /** Of one size and of others, more than a detector takes at once, so that answers could come in a wrong order. */
    private static List<Image> images() {
        Image wide = new Image(40, 20, 3, new byte[40 * 20 * 3]);
        Stream<Image> shapes = IntStream.range(0, 11).mapToObj(new Shapes(7, 11, 32)::image);
        return Stream.concat(shapes, Stream.of(wide, new Shapes(8, 1, 24).image(0)))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "CLASSIFY_LAYERS",
                "CLASSIFY_REGISTRY",
                "CLASSIFY_PROTOTYPES",
                "MULTI_LABEL",
                "REGRESS",
                "EMBEDDING",
                "DETECT",
                "SEGMENT"
            })
    void answersAsAboutEachAlone(RecordedPackage recorded) {
        Predictor model = Tasks.ALL.load(recorded.folder(), "cpu").predictor();
        List<Predictor.Answer> together = model.predictAll(images());
        assertThat(together).hasSameSizeAs(images());
        for (int i = 0; i < together.size(); i++) {
            same(together.get(i).values(), model.predict(images().get(i)).values());
        }
    }

    /** Sums over a batch are added in another order. */
    private static void same(Object one, Object other) {
        assertThat(one)
                .usingRecursiveComparison()
                .withEqualsForType((a, b) -> Math.abs(a - b) < 1e-4, Double.class)
                .withEqualsForType((a, b) -> Math.abs(a - b) < 1e-4, Float.class)
                .isEqualTo(other);
    }
}
