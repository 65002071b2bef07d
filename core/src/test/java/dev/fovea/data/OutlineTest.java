package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.image.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutlineTest {

    private static final Box BOX = new Box(1.4, 0, 3.6, 2);

    /** Lines of a file made by COCO's own tools. */
    static Stream<String> polygons() throws IOException {
        try (var in = OutlineTest.class.getResourceAsStream("/golden/polygons.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().filter(line -> !line.startsWith("#")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("polygons")
    void polygonsBecomeThePixelsOfCocosTools(String line) {
        String[] cells = line.split("\\|", 4);
        var size = new Size(Integer.parseInt(cells[0]), Integer.parseInt(cells[1]));
        String[] words = cells[2].split(" ");
        float[] ring = new float[words.length];
        for (int i = 0; i < ring.length; i++) {
            ring[i] = Float.parseFloat(words[i]);
        }
        Mask mask = new Outline.Polygons(List.of(ring)).mask(size, BOX);
        assertThat(mask).isEqualTo(new Outline.Runs(cells[3]).mask(size, BOX));
        assertThat(RunLengths.text(RunLengths.of(mask))).isEqualTo(cells[3]);
    }

    @Test
    void anyMaskComesBackFromItsRunLengths() {
        var random = new SplittableRandom(3);
        for (int i = 0; i < 200; i++) {
            var size = new Size(random.nextInt(1, 40), random.nextInt(1, 40));
            byte[] values = new byte[size.height() * size.width()];
            int keep = random.nextInt(1, 30);
            for (int p = 0; p < values.length; p++) {
                values[p] = p > 0 && random.nextInt(keep) > 0 ? values[p - 1] : (byte) random.nextInt(2);
            }
            var mask = new Mask(size, values);
            int[] counts = RunLengths.of(mask);
            assertThat(RunLengths.mask(counts, size)).isEqualTo(mask);
            assertThat(RunLengths.total(counts)).isEqualTo(values.length);
            assertThat(RunLengths.parsed(RunLengths.text(counts))).isEqualTo(counts);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"o", "\u0000", "~~", "ooooooooooo0", "@", "00@"})
    void textThatStandsForNoRunsIsRefused(String text) {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> RunLengths.parsed(text));
    }

    @Test
    void aBoxStandsForWhatNobodyHasDrawn() {
        Mask mask = Outline.MISSING.mask(new Size(3, 6), BOX);
        assertThat(mask.box()).contains(new Box(1, 0, 4, 2));
        assertThat(mask.count()).isEqualTo(6);
    }

    @Test
    void severalPolygonsAreOneObject() {
        var polygons = new Outline.Polygons(
                List.of(new float[] {0, 0, 4, 0, 4, 4, 0, 4}, new float[] {6, 6, 8, 6, 8, 8, 6, 8}));
        Mask mask = polygons.mask(new Size(10, 10), BOX);
        assertThat(mask.count()).isEqualTo(20);
        assertThat(mask.box()).contains(new Box(0, 0, 8, 8));
        assertThat(new Outline.Polygons(List.of(new float[] {0, 0, 0.4f, 0, 0.4f, 0.8f, 0, 0.8f}))
                        .scaled(new Size(5, 10))
                        .mask(new Size(5, 10), BOX)
                        .box())
                .contains(new Box(0, 0, 4, 4));
    }
}
