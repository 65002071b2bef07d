package dev.fovea.cli;

import dev.fovea.data.DataException;
import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.io.Escaped;
import dev.fovea.run.BulkPrediction;
import dev.fovea.run.Predictor;
import dev.fovea.run.Threads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/** What a command has to say of each of several files: one that cannot be read does not keep the others from theirs. */
final class PerFile {

    /** What is said of one file. */
    @FunctionalInterface
    interface Answer {

        /**
         * @param row of the JSON, to be filled
         * @return the line of text
         */
        String of(Path file, Map<String, Object> row);
    }

    /** What is done and said at last of all files together. */
    @FunctionalInterface
    interface Rest {

        /**
         * @param json beside the rows, to be filled
         * @return lines of text
         */
        String of(Map<String, Object> json);
    }

    private final List<Path> files;
    private final Optional<Image> only;

    private PerFile(List<Path> files, Optional<Image> only) {
        this.files = List.copyOf(files);
        this.only = only;
    }

    /**
     * Image files, the only one of which is read before a model is loaded for nothing.
     *
     * @throws ImageException if there is one and it cannot be read
     */
    static PerFile images(List<Path> files) {
        return new PerFile(files, files.size() == 1 ? Optional.of(Image.read(files.get(0))) : Optional.empty());
    }

    /** Files of any kind. */
    static PerFile of(List<Path> files) {
        return new PerFile(files, Optional.empty());
    }

    /** The image of one of these files. */
    Image read(Path file) {
        return only.orElseGet(() -> Image.read(file));
    }

    /**
     * Prints all answers; returns the command's exit code.
     *
     * @param json beside them
     * @param name theirs in the JSON
     */
    int print(Output output, Map<String, ?> json, String name, Answer answer) {
        return print(output, json, name, answer, all -> "");
    }

    /** The same with {@code rest} behind them. */
    int print(Output output, Map<String, ?> json, String name, Answer answer, Rest rest) {
        var rows = new Rows(output);
        files.forEach(file -> rows.add(file, answer));
        return rows.print(json, name, rest);
    }

    /** What is said of one file, whose prediction is there. */
    @FunctionalInterface
    interface Predicted {

        /**
         * @param row of the JSON, to be filled
         * @return the line of text
         */
        String of(Path file, Predictor.Answer answer, Map<String, Object> row);
    }

    /**
     * The same of image files that are read and predicted on all cores.
     *
     * @param batch images that the network is shown at once
     */
    int predict(Output output, Predictor predictor, int batch, Predicted predicted, Rest rest) {
        var rows = new Rows(output);
        try (var bulk = new BulkPrediction(predictor, images(), 0, batch, Threads.used())) {
            bulk.forEach(outcome -> rows.add(files.get(outcome.index()), (file, row) -> {
                outcome.failure().ifPresent(failure -> {
                    throw failure;
                });
                return predicted.of(file, outcome.answer().orElseThrow(), row);
            }));
        }
        return rows.print(Map.of(), "predictions", rest);
    }

    private BulkPrediction.Images images() {
        return new BulkPrediction.Images() {
            @Override
            public int count() {
                return files.size();
            }

            @Override
            public Image image(int index) {
                return read(files.get(index));
            }
        };
    }

    /** What is said of all files. */
    private final class Rows {

        private final Output output;
        private final List<Map<String, Object>> rows = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private boolean broken;

        private Rows(Output output) {
            this.output = output;
        }

        private void add(Path file, Answer answer) {
            var row = new LinkedHashMap<String, Object>();
            row.put("file", file.toString());
            try {
                text.append(answer.of(file, row)).append(System.lineSeparator());
            } catch (ImageException | DataException e) {
                if (files.size() == 1) {
                    throw e;
                }
                broken = true;
                String sentence = Failure.named(Failure.sentence(e));
                row.put("error", Escaped.line(sentence));
                output.say("%s", "fovea: " + sentence);
            }
            rows.add(row);
        }

        private int print(Map<String, ?> json, String name, Rest rest) {
            var all = new LinkedHashMap<String, Object>(json);
            all.put(name, rows);
            output.print(all, text.append(rest.of(all)).toString());
            return broken ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.OK;
        }
    }
}
