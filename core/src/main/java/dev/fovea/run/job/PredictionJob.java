package dev.fovea.run.job;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.run.BulkPrediction;
import dev.fovea.run.Predictor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Answers about all images of data, written to one file: each image exactly once, in their order, those that cannot be read with
 * the reason. It can be stopped at any moment; started again with the same file it goes on where it was. Until all is done the
 * results are in a file of the same name with {@code .part} behind it.
 *
 * @param data of images
 * @param to a file that ends with .jsonl, .csv or .parquet
 * @param of what tells this job from another, by names, such as the model; what has begun goes on only with the same
 * @param batch images that the network is shown at once, at least 1
 * @param threads that read and predict images, at least 1
 */
public record PredictionJob(
        Predictor predictor, Dataset data, Path to, Map<String, String> of, int batch, int threads) {

    private static final long SYNC_NANOS = 1_000_000_000L;
    private static final String PART = ".part";

    public PredictionJob {
        ResultFormat.of(to);
        of = Collections.unmodifiableMap(new LinkedHashMap<>(of));
        if (data.clips()) {
            throw new IllegalArgumentException(
                    "%s: is a clip, results of a whole data set are written of images".formatted(data.name(0)));
        }
        if (batch < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "prediction: batch and threads must be at least 1, got %s and %s".formatted(batch, threads));
        }
    }

    /** How far it is. */
    public interface Progress {

        /**
         * @param done images whose results are written, those of before among them
         * @param all images
         */
        void at(long done, long all);
    }

    /**
     * What came of it.
     *
     * @param before images whose results were there already
     * @param done images whose results are there now
     * @param broken images among the new ones that could not be read
     * @param complete whether it is all, so that the file is there
     */
    public record Result(long before, long done, long broken, boolean complete) {}

    /**
     * Does all of it, or goes on until it is told to stop.
     *
     * @param stop asked after each batch
     * @throws IllegalArgumentException if the file is there already, or was begun with something else
     */
    public Result run(Progress progress, BooleanSupplier stop) {
        if (Files.exists(to) && !Files.exists(part())) {
            throw new IllegalArgumentException("%s: is there already. Delete it, or name another file".formatted(to));
        }
        var identity = new LinkedHashMap<>(of);
        identity.put("data", "%s images, %s".formatted(data.size(), fingerprint()));
        try (Journal journal = Journal.open(part(), identity)) {
            Result result = run(journal, progress, stop);
            if (result.complete()) {
                ResultFormat.of(to).write(journal::each, to);
                journal.delete();
            }
            return result;
        }
    }

    private Path part() {
        return to.resolveSibling(to.getFileName() + PART);
    }

    private Result run(Journal journal, Progress progress, BooleanSupplier stop) {
        long done = journal.rows();
        long broken = 0;
        long synced = System.nanoTime();
        try (var images = new BulkPrediction(predictor, images(), (int) done, batch, threads)) {
            while (done < data.size() && !stop.getAsBoolean()) {
                List<ResultRow> rows = images.next().stream().map(this::row).toList();
                journal.add(rows);
                done += rows.size();
                broken += rows.stream().filter(row -> !row.error().isEmpty()).count();
                if (System.nanoTime() - synced > SYNC_NANOS) {
                    journal.sync();
                    synced = System.nanoTime();
                }
                progress.at(done, data.size());
            }
        }
        journal.sync();
        return new Result(journal.rows(), done, broken, done == data.size());
    }

    private BulkPrediction.Images images() {
        return new BulkPrediction.Images() {
            @Override
            public int count() {
                return data.size();
            }

            @Override
            public Image image(int index) {
                return data.image(index);
            }
        };
    }

    private ResultRow row(BulkPrediction.Outcome outcome) {
        int index = outcome.index();
        return outcome.answer()
                .map(answer -> ResultRow.of(index, data.name(index), answer))
                .orElseGet(() -> ResultRow.broken(
                        index,
                        data.name(index),
                        withoutAdvice(outcome.failure().orElseThrow().getMessage())));
    }

    /** What to do with an image that cannot be read is for those who train on it. */
    private static String withoutAdvice(String message) {
        return message.replaceFirst("\\. [^.]*, or skip broken images$", "");
    }

    /** Of names and lengths, which are known without reading the images. */
    private String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            IntStream.range(0, data.size())
                    .forEach(i -> digest.update(
                            (data.name(i) + " " + data.bytes(i) + "\n").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
