package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.run.Predictor;
import dev.fovea.run.SavedNet;
import dev.fovea.run.job.PredictionJob;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Predictions of all images of data, written to a file and gone on with after a stop. */
final class DataPredictions {

    private static final int BATCH = 32;
    private static final long SAY_NANOS = 5_000_000_000L;
    private static final int STOPPED = 1;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description =
                    "Instead of image files: all images of a folder, archive, CSV or name, or one part, DATA:test. "
                            + "The same command goes on after a stop.")
    private String data = "";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "With --data the file of the results: .jsonl, .csv or .parquet. Each image is in it once, one that "
                            + "cannot be read with the reason.")
    private Path out;

    @Option(
            names = "--format",
            description =
                    "With --data its format, where it is not recognised: folder, idx, cifar, csv, voc, coco, yolo, masks, wider.")
    private String format = "";

    /** Whether data is given, and not images. */
    boolean given() {
        return !data.isEmpty();
    }

    /** @throws IllegalArgumentException if neither images nor data is given, or both */
    void check(List<Path> images, Map<String, Boolean> ofImages) {
        if (given() != images.isEmpty()) {
            throw new IllegalArgumentException("name images, or with --data and --out a data set; not both");
        }
        EvaluateCommand.needs("--out", out != null, "--data", given());
        EvaluateCommand.needs("--data", given(), "--out", out != null);
        ofImages.forEach((option, used) -> {
            if (given() && used) {
                throw new IllegalArgumentException(option + ": is for image files, not for --data. Leave it out");
            }
        });
    }

    /**
     * Predicts all of it; returns the command's exit code.
     *
     * @param asked of the model, by option: results of other questions are not mixed
     */
    int run(Path model, Predictor predictor, Map<String, String> asked, Output output) {
        var of = new LinkedHashMap<String, String>();
        of.put("model", model + " " + fingerprint(model));
        of.put("options", asked.toString());
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        var job = new PredictionJob(predictor, images(output), out, of, BATCH, threads);
        long begin = System.nanoTime();
        PredictionJob.Result result;
        try (var interruption = new Interruption()) {
            result = job.run(new Spoken(output), interruption);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long now = result.done() - result.before();
        var json = new LinkedHashMap<String, Object>();
        json.put("output", out.toString());
        json.put("complete", result.complete());
        json.put("images", result.done());
        json.put("before", result.before());
        json.put("broken", result.broken());
        json.put("seconds", seconds);
        json.put("imagesPerSecond", now / seconds);
        output.print(
                json,
                String.format(
                        Locale.ROOT,
                        "%s: %,d images%s%s, %,d now, %,.0f a second",
                        out,
                        result.done(),
                        result.broken() > 0
                                ? String.format(Locale.ROOT, ", %,d that cannot be read", result.broken())
                                : "",
                        result.complete() ? "" : ", not all. The same command goes on",
                        now,
                        now / seconds));
        return result.complete() ? 0 : STOPPED;
    }

    private Dataset images(Output output) {
        var options = Data.Options.of()
                .withFormat(format)
                .withLabelled(false)
                .withNewClasses(true)
                .withContent(Data.Content.IMAGES);
        Splits splits = Data.open(data, options);
        splits.notes().forEach(note -> output.say("%s", note));
        return Stream.of(splits.train(), splits.validation(), splits.test())
                .filter(part -> part.size() > 0)
                .reduce(Dataset::and)
                .orElseThrow(() -> new IllegalArgumentException(data + ": has no images"));
    }

    /** Of what the model's files hold: a model that was trained again is another one. */
    private static String fingerprint(Path model) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files(model)) {
                digest.update(String.valueOf(file.getFileName()).getBytes(StandardCharsets.UTF_8));
                try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(model + ": cannot be read (" + e.getMessage() + ")", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** All of a package; of a file of another format also what lies beside it under its name, as its weights and description do. */
    private static List<Path> files(Path model) throws IOException {
        boolean packed = Files.isDirectory(model);
        if (!packed && !Files.isRegularFile(model)) {
            return List.of();
        }
        Path folder = packed ? SavedNet.folder(model) : model.toAbsolutePath().getParent();
        String name = String.valueOf(model.getFileName()).replaceFirst("\\.[^.]*$", ".");
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isRegularFile)
                    .filter(file -> packed || String.valueOf(file.getFileName()).startsWith(name))
                    .sorted()
                    .toList();
        }
    }

    /** Says now and then how far it is. */
    private static final class Spoken implements PredictionJob.Progress {

        private final Output output;
        private long said = System.nanoTime();

        Spoken(Output output) {
            this.output = output;
        }

        @Override
        public void at(long done, long all) {
            if (System.nanoTime() - said > SAY_NANOS) {
                said = System.nanoTime();
                output.say("%,d of %,d images", done, all);
            }
        }
    }
}
