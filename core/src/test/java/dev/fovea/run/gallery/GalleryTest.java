package dev.fovea.run.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.io.FormatException;
import dev.fovea.metrics.NeighbourDistances;
import dev.fovea.run.gallery.Gallery.Entry;
import dev.fovea.run.gallery.Gallery.Match;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GalleryTest {

    private static final Gallery.Model MODEL = new Gallery.Model("runs/people-1", "", "embedding", "abc");

    @TempDir
    private Path folder;

    private static List<float[]> rows(long seed, int count, int width) {
        var random = new Random(seed);
        var rows = new ArrayList<float[]>();
        for (int i = 0; i < count; i++) {
            float[] row = new float[width];
            for (int d = 0; d < width; d++) {
                row[d] = (float) random.nextGaussian();
            }
            rows.add(NeighbourDistances.unit(row));
        }
        return rows;
    }

    private static Gallery gallery(Gallery.Model model, List<float[]> rows, String prefix) {
        List<Entry> entries = IntStream.range(0, rows.size())
                .mapToObj(i -> new Entry(prefix + i + ", \"é\".jpg", i % 2 == 0 ? "" : "p" + i % 7))
                .toList();
        return Gallery.of(model, entries, rows);
    }

    private static List<Integer> bruteForce(List<float[]> rows, float[] query, int top) {
        return IntStream.range(0, rows.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> {
                            double sum = 0;
                            for (int d = 0; d < query.length; d++) {
                                sum += (double) rows.get(i)[d] * query[d];
                            }
                            return sum;
                        })
                        .reversed())
                .limit(top)
                .toList();
    }

    @Test
    void findsTheNearestAndComesBackFromDiskTheSame() {
        List<float[]> rows = rows(1, 300, 24);
        Gallery made = gallery(MODEL, rows, "a");
        made.write(folder.resolve("g"));
        Gallery read = Gallery.open(folder.resolve("g"));
        assertThat(read.model()).isEqualTo(MODEL);
        assertThat(read.entries()).isEqualTo(made.entries());
        assertThat(read.exact()).isTrue();
        for (float[] query : rows(2, 10, 24)) {
            List<Match> found = read.nearest(query, 7);
            assertThat(found).isEqualTo(made.nearest(query, 7));
            assertThat(found)
                    .extracting(match -> made.entries().indexOf(match.image()))
                    .isEqualTo(bruteForce(rows, query, 7));
        }
        assertThat(read.nearest(rows.get(5), 1000)).hasSize(300);
        assertThat(read.nearest(rows.get(5), 1).get(0).similarity()).isCloseTo(1, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 1500}) // Lucene's own limit is 1024
    void aGraphFindsNearlyAllOfTheNearest(int width) {
        int count = width > 1000 ? 300 : 4000;
        List<float[]> rows = rows(3, count, width);
        gallery(MODEL, rows, "a").write(folder.resolve("g"), 200);
        Gallery read = Gallery.open(folder.resolve("g"));
        assertThat(read.exact()).isFalse();
        int hits = 0;
        for (float[] query : rows(4, 20, width)) {
            List<Match> found = read.nearest(query, 10);
            assertThat(found)
                    .isSortedAccordingTo(Comparator.comparing(Match::similarity).reversed());
            List<Integer> expected = bruteForce(rows, query, 10);
            hits += (int) found.stream()
                    .map(match -> read.entries().indexOf(match.image()))
                    .filter(expected::contains)
                    .count();
        }
        assertThat(hits / 200.0).isGreaterThan(0.95);
        Match itself = read.nearest(rows.get(17), 1).get(0);
        assertThat(itself.image()).isEqualTo(read.entries().get(17));
        assertThat(itself.similarity()).isCloseTo(1, within(1e-4));
        Gallery more = read.and(gallery(MODEL, rows(5, 3, width), "b"));
        assertThat(more.size()).isEqualTo(count + 3);
        assertThat(more.nearest(rows.get(17), 1).get(0).image().file())
                .isEqualTo(read.entries().get(17).file());
    }

    @ParameterizedTest
    @ValueSource(strings = {GalleryFolder.HEADER, GalleryFolder.IMAGES, GalleryFolder.VECTORS})
    void whatIsCutOffChangedOrMissingIsToldByItsName(String name) throws IOException {
        gallery(MODEL, rows(1, 50, 8), "a").write(folder.resolve("g"));
        Path file = folder.resolve("g").resolve(name);
        byte[] whole = Files.readAllBytes(file);
        byte[] changed = whole.clone();
        changed[whole.length / 2] ^= 5;
        for (byte[] bytes : List.of(Arrays.copyOf(whole, whole.length - 3), changed)) {
            Files.write(file, bytes);
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> Gallery.open(folder.resolve("g")))
                    .withMessageContaining(name)
                    .withMessageContaining("anew");
        }
        Files.delete(file);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gallery.open(folder.resolve("g")))
                .withMessageContaining("g");
    }

    @Test
    void aGraphThatIsCutOffIsTold() throws IOException {
        gallery(MODEL, rows(1, 300, 8), "a").write(folder.resolve("g"), 100);
        try (var files = Files.list(folder.resolve("g/graph"))) {
            for (Path file : files.filter(f -> f.toString().contains("_0.")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            }
        }
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> Gallery.open(folder.resolve("g")))
                .withMessageContaining("graph: damaged");
    }

    @Test
    void anotherModelIsRefused() {
        Gallery gallery = gallery(MODEL, rows(1, 5, 8), "a");
        gallery.checkModel("abc", "runs/people-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gallery.checkModel("xyz", "runs/people-2"))
                .withMessageStartingWith("the gallery was made with another model than runs/people-2");
        var other = new Gallery.Model("runs/people-2", "", "embedding", "xyz");
        assertThatIllegalArgumentException().isThrownBy(() -> gallery.and(gallery(other, rows(2, 2, 8), "b")));
    }

    @Test
    void aFileThatIsAddedAgainIsThereOnce() throws IOException {
        Path image = Files.write(folder.resolve("one.jpg"), new byte[1]);
        Gallery before =
                Gallery.of(MODEL, List.of(new Entry(image.toString(), ""), new Entry("gone.jpg", "")), rows(1, 2, 8));
        Gallery after = before.and(Gallery.of(MODEL, List.of(new Entry(image.toString(), "p")), rows(2, 1, 8)));
        assertThat(after.entries()).extracting(Entry::file).containsExactly("gone.jpg", image.toString());
        assertThat(after.entries().get(1).label()).isEqualTo("p");
    }

    @Test
    void replacesAGalleryButNothingElse() throws IOException {
        gallery(MODEL, rows(1, 5, 8), "a").write(folder.resolve("g"));
        gallery(MODEL, rows(1, 6, 8), "b").write(folder.resolve("g"));
        assertThat(Gallery.open(folder.resolve("g")).size()).isEqualTo(6);
        Files.createDirectories(folder.resolve("other"));
        Files.write(folder.resolve("other/mine.txt"), new byte[1]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gallery(MODEL, rows(1, 5, 8), "a").write(folder.resolve("other")))
                .withMessageContaining("something else is there");
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("g", "other");
        }
    }
}
