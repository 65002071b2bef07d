package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.run.ProgressWatch;
import dev.fovea.task.classify.EmbeddingMap.Projection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImageMapTest {

    /** Dark and bright images by turns. */
    private static Splits data(int count) {
        List<Image> images = IntStream.range(0, count).mapToObj(i -> image(i)).toList();
        int[] labels = IntStream.range(0, count).map(i -> i % 2).toArray();
        return Splits.trainOnly(Dataset.of(images, List.of("dark", "bright"), labels), List.of());
    }

    private static Image image(int number) {
        byte[] pixels = new byte[3 * 20 * 20];
        Arrays.fill(pixels, (byte) (number % 2 == 0 ? 10 + number : 200 + number));
        return new Image(20, 20, 3, pixels);
    }

    @Test
    void imagesThatLookAlikeLieTogether() {
        var done = new AtomicLong();
        ImageMap map = ImageMap.of(data(40), Optional.empty(), Projection.T_SNE, 1000, (at, all) -> {
            assertThat(at).isGreaterThanOrEqualTo(done.get()).isLessThanOrEqualTo(all);
            done.set(at);
        });
        assertThat(map.points()).hasSize(40);
        assertThat(map.points().get(3).index()).isEqualTo(3);
        long alike = map.points().stream()
                .filter(a -> map.points().stream()
                                        .filter(b -> b != a)
                                        .min(Comparator.comparingDouble(b -> Math.hypot(a.x() - b.x(), a.y() - b.y())))
                                        .orElseThrow()
                                        .index()
                                % 2
                        == a.index() % 2)
                .count();
        assertThat(alike).isGreaterThan(36);
    }

    @Test
    void knowsTheNearestOfEachPointTheNearestFirst() {
        double[] xs = {0, 1, 3, 7, 100};
        List<ImageMap.Point> points = IntStream.range(0, xs.length)
                .mapToObj(i -> new ImageMap.Point("train", i, xs[i], 0))
                .toList();
        List<int[]> near = new ImageMap(points, "", xs.length).neighbours(2);
        assertThat(near)
                .containsExactly(
                        new int[] {1, 2}, new int[] {0, 2}, new int[] {1, 0}, new int[] {2, 1}, new int[] {3, 2});
        assertThat(new ImageMap(points, "", xs.length).neighbours(9).get(4)).containsExactly(3, 2, 1, 0);
    }

    @Test
    void drawsSoManyEvenly() {
        ImageMap map = ImageMap.of(data(100), Optional.empty(), Projection.PCA, 10, ProgressWatch.NONE);
        assertThat(map.points().stream().map(ImageMap.Point::index))
                .containsExactly(9, 19, 29, 39, 49, 59, 69, 79, 89, 99);
        assertThat(map.all()).isEqualTo(100);
        assertThat(map.method()).contains("principal components");
    }

    @Test
    void canBeStoppedAndNeedsImages() {
        var seen = new ArrayList<Long>();
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> ImageMap.of(data(40), Optional.empty(), Projection.T_SNE, 1000, (at, all) -> {
                    seen.add(at);
                    if (at > 50) {
                        throw new CancellationException("stopped");
                    }
                }));
        assertThat(seen).hasSizeLessThan(20);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ImageMap.of(data(3), Optional.empty(), Projection.PCA, 10, ProgressWatch.NONE))
                .withMessageContaining("at least 4 images");
    }
}
