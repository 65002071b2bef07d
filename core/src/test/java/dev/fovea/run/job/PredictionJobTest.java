package dev.fovea.run.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twenty images whose first pixel is their number; the fifth is none. */
class PredictionJobTest {

    private static final int BROKEN = 5;
    private static final int IMAGES = 20;

    /** Answers with the first pixel, and counts; fails from the image on that it is told, and at one that it cannot answer about. */
    private static final class FirstPixel implements Predictor {

        private final AtomicInteger asked = new AtomicInteger();
        private final int failing;
        private final int unanswerable;

        FirstPixel(int failing) {
            this(failing, -1);
        }

        FirstPixel(int failing, int unanswerable) {
            this.failing = failing;
            this.unanswerable = unanswerable;
        }

        private record Value(int number) implements Answer {

            @Override
            public Map<String, Object> values() {
                return Map.of("number", number);
            }

            @Override
            public String text() {
                return String.valueOf(number);
            }

            @Override
            public List<Confidence> confidences() {
                return List.of(new Confidence("low", 0.1), new Confidence("class \"" + number + "\"", number / 20.0));
            }
        }

        @Override
        public Answer predict(Image image) {
            asked.incrementAndGet();
            int value = image.pixels()[0] & 0xFF;
            if (value == unanswerable) {
                throw new IllegalArgumentException("cannot answer about " + value);
            }
            if (value >= failing) {
                throw new IllegalStateException("the machine is gone");
            }
            return new Value(value);
        }

        @Override
        public Answer predict(Path file) {
            throw new UnsupportedOperationException();
        }
    }

    @TempDir
    private Path folder;

    private Dataset data;

    @BeforeEach
    void draw() throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        for (int i = 0; i < IMAGES; i++) {
            byte[] pixels = new byte[8 * 8];
            pixels[0] = (byte) i;
            Image.write(images.resolve("image%02d.png".formatted(i)), new Image(8, 8, 1, pixels));
        }
        Files.writeString(images.resolve("image05.png"), "<!DOCTYPE html>");
        data = Data.open(images.toString(), Data.Options.of().withLabelled(false))
                .train();
    }

    private PredictionJob job(FirstPixel predictor, String file) {
        return new PredictionJob(predictor, data, folder.resolve(file), Map.of("model", "first"), 4, 2);
    }

    private static PredictionJob.Result run(PredictionJob job) {
        return job.run((done, all) -> {}, () -> false);
    }

    private static List<Integer> indices() {
        return IntStream.range(0, IMAGES).boxed().toList();
    }

    private List<CSVRecord> csv() throws IOException {
        try (var reader = Files.newBufferedReader(folder.resolve("r.csv"))) {
            return CSVFormat.RFC4180
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get()
                    .parse(reader)
                    .getRecords();
        }
    }

    @Test
    void eachImageIsWrittenOnceInOrder() throws IOException {
        PredictionJob.Result result = run(job(new FirstPixel(99), "r.csv"));
        assertThat(result).isEqualTo(new PredictionJob.Result(0, IMAGES, 1, true));
        List<CSVRecord> rows = csv();
        assertThat(rows.stream().map(row -> Integer.valueOf(row.get("index")))).isEqualTo(indices());
        assertThat(rows.get(7).toMap())
                .containsEntry("label", "class \"7\"")
                .containsEntry("confidence", "0.35")
                .containsEntry("answer", "{\"number\":7}")
                .containsEntry("error", "");
        assertThat(rows.get(BROKEN).get("error")).contains("image05.png").endsWith("(starts with \"<!DOCTYPE\")");
        assertThat(rows.get(BROKEN).get("label")).isEmpty();
        assertThat(folder.resolve("r.csv.part")).doesNotExist();
    }

    @Test
    void anImageThatTheNetworkCannotAnswerAboutIsARowWithTheReason() throws IOException {
        PredictionJob.Result result = run(job(new FirstPixel(99, 9), "r.csv"));
        assertThat(result).isEqualTo(new PredictionJob.Result(0, IMAGES, 2, true));
        List<CSVRecord> rows = csv();
        assertThat(rows.stream().map(row -> Integer.valueOf(row.get("index")))).isEqualTo(indices());
        assertThat(rows.get(9).get("error")).isEqualTo("cannot answer about 9");
        assertThat(rows.get(8).get("answer")).isEqualTo("{\"number\":8}");
        assertThat(rows.get(10).get("answer")).isEqualTo("{\"number\":10}");
    }

    @Test
    void linesOfJsonHoldTheAnswersParts() throws IOException {
        run(job(new FirstPixel(99), "r.jsonl"));
        List<String> lines = Files.readAllLines(folder.resolve("r.jsonl"));
        assertThat(lines).hasSize(IMAGES);
        assertThat(lines.get(3)).matches("\\{\"index\":3,\"file\":\".*image03.png\",\"number\":3}");
        assertThat(lines.get(BROKEN)).contains("\"error\":\"");
    }

    @Test
    void goesOnWhereItWasStopped() throws IOException {
        var rounds = new AtomicInteger();
        var first = new FirstPixel(99);
        PredictionJob.Result stopped = job(first, "r.csv").run((done, all) -> {}, () -> rounds.incrementAndGet() > 2);
        assertThat(stopped).isEqualTo(new PredictionJob.Result(0, 8, 1, false));
        assertThat(folder.resolve("r.csv")).doesNotExist();
        var second = new FirstPixel(99);
        assertThat(run(job(second, "r.csv"))).isEqualTo(new PredictionJob.Result(8, IMAGES, 0, true));
        assertThat(second.asked.get()).isEqualTo(IMAGES - 8);
        assertThat(csv().stream().map(row -> Integer.valueOf(row.get("index")))).isEqualTo(indices());
    }

    @Test
    void goesOnAfterAFailure() throws IOException {
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> run(job(new FirstPixel(13), "r.csv")));
        assertThat(run(job(new FirstPixel(99), "r.csv")).before()).isEqualTo(12);
        assertThat(csv().stream().map(row -> Integer.valueOf(row.get("index")))).isEqualTo(indices());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"index\":8,\"file\":\"x\",\"answer\":{},\"err",
                "{\"index\":8,\"file\":\"x\",\"answer\":{},\"error\":\"\"}",
                "{\"index\":99,\"file\":\"x\",\"answer\":{},\"error\":\"\"}\n",
                "\0\0\0\0\n",
                "12\n"
            })
    void whatWasBeingWrittenIsWrittenAgain(String torn) throws IOException {
        var rounds = new AtomicInteger();
        job(new FirstPixel(99), "r.csv").run((done, all) -> {}, () -> rounds.incrementAndGet() > 2);
        Files.writeString(folder.resolve("r.csv.part"), torn, StandardOpenOption.APPEND);
        assertThat(run(job(new FirstPixel(99), "r.csv")).before()).isEqualTo(8);
        assertThat(csv().stream().map(row -> Integer.valueOf(row.get("index")))).isEqualTo(indices());
        assertThat(csv().get(8).get("file")).endsWith("image08.png");
    }

    @Test
    void resultsOfAnotherModelAreNotMixedIn() {
        var rounds = new AtomicInteger();
        job(new FirstPixel(99), "r.csv").run((done, all) -> {}, () -> rounds.incrementAndGet() > 2);
        var other =
                new PredictionJob(new FirstPixel(99), data, folder.resolve("r.csv"), Map.of("model", "second"), 4, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(other))
                .withMessage(
                        "%s: was begun with model 'first', now it is 'second'. Delete it to begin anew, or name another file",
                        folder.resolve("r.csv.part"));
        var fewer = new PredictionJob(
                new FirstPixel(99), data.subset(1, 2, 3), folder.resolve("r.csv"), Map.of("model", "first"), 4, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(fewer))
                .withMessageContaining("was begun with data '20 images, ");
    }

    @Test
    void resultsThatAreThereAreNotReplaced() throws IOException {
        Files.writeString(folder.resolve("r.csv"), "mine");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(job(new FirstPixel(99), "r.csv")))
                .withMessage("%s: is there already. Delete it, or name another file", folder.resolve("r.csv"));
        Files.writeString(folder.resolve("s.csv.part"), "mine\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(job(new FirstPixel(99), "s.csv")))
                .withMessageContaining("s.csv.part: is no beginning of results");
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> run(job(new FirstPixel(99), "none/r.csv")))
                .withMessageEndingWith("there is no folder %s)".formatted(folder.resolve("none")));
    }

    @Test
    void twoDoNotWriteTheSameResults() {
        PredictionJob job = job(new FirstPixel(99), "r.csv");
        job.run(
                (done, all) -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> run(job))
                        .withMessageContaining("another process is writing these results"),
                () -> false);
    }

    @Test
    void namesTheFormatsThatThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> job(new FirstPixel(99), "r.txt"))
                .withMessageEndingWith("r.txt: results are written to a file that ends with .jsonl, .csv, .parquet");
    }
}
