package dev.fovea.run.answers;

import static dev.fovea.run.answers.ClassAnswersTest.images;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuredAnswersTest {

    @TempDir
    private Path folder;

    private static final FigureAnswers CODEC = new FigureAnswers(
            List.of(),
            images(4),
            List.of(
                    new Figure("psnr", Scale.MORE, OptionalDouble.empty(), List.of(30.0, 25.0, 35.0, Double.NaN)),
                    new Figure("bitsPerPixel", Scale.LESS, OptionalDouble.of(0.3), List.of(0.2, 0.4, 0.1, 0.5))));

    private static final NumberAnswers NUMBERS = new NumberAnswers(
            List.of("age", "height"),
            images(3),
            List.of(new float[] {10, 1}, new float[] {20, 1}, new float[] {30, 1}),
            List.of(new float[] {12, 1}, new float[] {15, 1}, new float[] {30, 2}),
            "age");

    /** Images 0 and 1 are of one person and alike; 2 and 3 are of another, and 3 is nearer to the first. */
    private static final EmbeddingAnswers FACES = EmbeddingAnswers.of(
            List.of("a", "b"),
            images(4),
            List.of(0, 0, 1, 1),
            List.of(new float[] {1, 0}, new float[] {0.8f, 0.6f}, new float[] {-1, 0}, new float[] {0.6f, 0.8f}),
            OptionalDouble.of(0.7));

    @Test
    void imagesAreLookedAtByAnyNumber() {
        assertThat(CODEC.worst()).containsExactly(1, 0, 2); // 3 was not measured
        assertThat(CODEC.by("bitsPerPixel").worst()).containsExactly(3, 1, 0, 2);
        assertThat(CODEC.metrics()).containsEntry("psnr", 30.0);
        assertThat(CODEC.metrics().get("bitsPerPixel")).isCloseTo(0.3, within(1e-12));
        assertThat(CODEC.by("bitsPerPixel").figure().above(0.3)).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CODEC.by("ssim"))
                .withMessage("figure: expected one of psnr, bitsPerPixel, got 'ssim'");
    }

    @Test
    void everyImageIsInOneBar() {
        for (MeasuredAnswers answers : List.of(CODEC, CODEC.by("bitsPerPixel"), NUMBERS, FACES)) {
            var histogram = answers.histogram();
            var seen = new ArrayList<Integer>();
            for (int bar = 0; bar < histogram.counts().size(); bar++) {
                assertThat(answers.bar(bar)).hasSize(histogram.counts().get(bar));
                seen.addAll(answers.bar(bar));
            }
            assertThat(seen).containsExactlyInAnyOrderElementsOf(answers.worst());
        }
    }

    @Test
    void errorsOfNumbersAreFarOffOnBothSides() {
        assertThat(NUMBERS.figure().values()).containsExactly(2.0, -5.0, 0.0);
        assertThat(NUMBERS.worst()).containsExactly(1, 0, 2);
        assertThat(NUMBERS.by("height").worst().get(0)).isEqualTo(2);
        assertThat(NUMBERS.metrics().get("mae")).isCloseTo((7 / 3.0 + 1 / 3.0) / 2, within(1e-6));
        assertThat(NUMBERS.metrics()).doesNotContainKey("loss");
    }

    @Test
    void embeddingsAreFoundAmongTheOthers() {
        assertThat(FACES.figure().values()).containsExactly(1.0, 0.0, 1.0, 0.0);
        assertThat(FACES.nearest(1)).isEqualTo(3);
        assertThat(FACES.accepted(true, 0.7)).isEqualTo(0.5); // 0 and 1 of the two pairs of one person
        assertThat(FACES.accepted(false, 0.9)).isEqualTo(0.25); // 1 and 3
        assertThat(FACES.pairs().inBin(true, 35, 40)).hasSize(0);
        assertThat(FACES.pairs().inBin(true, 36, 40))
                .singleElement()
                .satisfies(pair -> assertThat(pair.b()).isEqualTo(1));
    }

    @Test
    void aPartIsWeakOnTheSideThatIsWorse() {
        List<Double> values = IntStream.range(0, 40)
                .mapToObj(i -> i < 20 ? 30 + i % 3 * 0.1 : 20 + i % 3 * 0.1)
                .toList();
        List<Column> columns = List.of(new Column.Words(
                "camera",
                IntStream.range(0, 40).mapToObj(i -> i < 20 ? "high" : "low").toList()));
        assertThat(weak(Slices.of(values, columns, Scale.MORE))).containsExactly("low");
        assertThat(weak(Slices.of(values, columns, Scale.LESS))).containsExactly("high");
        assertThat(weak(Slices.of(values, columns, Scale.NEITHER))).isEmpty();
        assertThat(Slices.of(values, columns, Scale.LESS).get(0).word()).isEqualTo("high"); // the worst first
    }

    private static List<String> weak(List<Slice> slices) {
        return slices.stream().filter(Slice::weak).map(Slice::word).toList();
    }

    @Test
    void answersComeBackFromAFileAsTheyWere() {
        Path file = folder.resolve("a.safetensors");
        AnswersFile.write(file, CODEC);
        assertThat(AnswersFile.read(file)).isEqualTo(CODEC);
        AnswersFile.write(file, NUMBERS);
        assertThat(((NumberAnswers) AnswersFile.read(file)).metrics()).isEqualTo(NUMBERS.metrics());
        AnswersFile.write(file, FACES);
        var faces = (EmbeddingAnswers) AnswersFile.read(file);
        assertThat(faces.metrics()).isEqualTo(FACES.metrics());
        assertThat(faces.threshold()).isEqualTo(FACES.threshold());
    }
}
