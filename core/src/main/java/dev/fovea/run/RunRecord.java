package dev.fovea.run;

import dev.fovea.image.Image;
import dev.fovea.io.AtomicFile;
import dev.fovea.report.EventWriter;
import dev.fovea.report.Grid;
import dev.fovea.train.Listener;
import dev.fovea.train.Progress;
import dev.fovea.train.RunFolder;
import dev.fovea.train.SelectedEpoch;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Writes what happens in a run: {@code metrics.csv}, {@code log.txt} and TensorBoard's events. */
final class RunRecord implements Listener {

    private static final int SHOWN = 64;

    private final RunFolder folder;
    private EventWriter events;
    private int stepsPerEpoch;
    private Progress behind;
    private final List<Double> speeds = new ArrayList<>();
    private final List<Map<String, Double>> rows = new ArrayList<>();
    private List<String> columns = List.of();

    RunRecord(RunFolder folder) {
        this.folder = folder;
    }

    /** Of a run that goes on: only the rows of the epochs behind it are kept, from its first step on. */
    void goesOn(Progress progress) {
        behind = progress;
    }

    /**
     * One line per epoch below a header, as {@code metrics.csv} has them. A metric that not every epoch has is a column all
     * the same, empty where it is missing.
     */
    static String csv(List<Map<String, Double>> history) {
        var lines = new StringBuilder();
        List<String> columns = new History(history).columns();
        if (!history.isEmpty()) {
            lines.append(String.join(",", columns)).append('\n');
        }
        for (Map<String, Double> row : history) {
            lines.append(line(columns, row)).append('\n');
        }
        return lines.toString();
    }

    /** The median over the epochs; of none if there was no epoch. */
    OptionalDouble imagesPerSecond() {
        return History.median(speeds);
    }

    void log(String text) {
        append(folder.log(), LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + text);
    }

    @Override
    public void onStart(Start start) {
        if (behind != null) {
            rows.addAll(behind.history());
            writeAll();
            log("resumed at epoch %s, batch %s".formatted(behind.epoch(), behind.batches()));
        }
        stepsPerEpoch = start.stepsPerEpoch();
        events = new EventWriter(folder.path(), System.currentTimeMillis() / 1000);
        if (Files.isRegularFile(folder.recipe())) {
            events.hyperParameters(String.valueOf(folder.path().getFileName()), EffectiveRecipe.flat(folder), now());
        }
        log(RunLog.begun(start));
    }

    /** Steps count steps, over all epochs: curves of runs with other batches can be compared. */
    @Override
    public void onStep(Step step) {
        long at = (long) (step.epoch() - 1) * stepsPerEpoch + step.stepInEpoch();
        step.own().ifPresent(loss -> events.scalar("train/step_loss", at, loss, now()));
        events.scalar("run/step_lr", at, step.lr(), now());
    }

    /** {@code train_loss} as {@code train/loss}; what is of neither part is of the run. */
    private static String tag(String column) {
        return column.startsWith("train_") || column.startsWith("validation_")
                ? column.replaceFirst("_", "/")
                : "run/" + column;
    }

    private static double now() {
        return System.currentTimeMillis() / 1000.0;
    }

    @Override
    public void onEpoch(Epoch epoch) {
        speeds.add(epoch.imagesPerSecond());
        Map<String, Double> row = epoch.row();
        rows.add(row);
        if (columns.containsAll(row.keySet())) {
            append(folder.metrics(), line(columns, row));
        } else {
            writeAll(); // a metric that no epoch before had
        }
        long step = (long) epoch.epoch() * stepsPerEpoch;
        row.forEach((name, value) -> events.scalar(tag(name), step, value, now()));
        if (!epoch.samples().isEmpty()) {
            List<Image> shown =
                    epoch.samples().subList(0, Math.min(SHOWN, epoch.samples().size()));
            events.image("samples/generated", step, Grid.draw(shown), now());
        }
        log(RunLog.epoch(epoch.epoch(), row));
    }

    @Override
    public void onPause(boolean paused) {
        log(paused ? "paused" : "goes on");
    }

    @Override
    public void onRemark(String text) {
        log(text);
    }

    @Override
    public void onSelected(SelectedEpoch selected) {
        log("selected: " + selected.words());
    }

    @Override
    public void onEnd(End end) {
        log("ended: " + end.name().toLowerCase(Locale.ROOT));
        events.close();
    }

    private void writeAll() {
        columns = new History(rows).columns();
        AtomicFile.write(folder.metrics(), csv(rows));
    }

    private static String line(List<String> columns, Map<String, Double> row) {
        return columns.stream().map(name -> cell(name, row.get(name))).collect(Collectors.joining(","));
    }

    private static String cell(String column, Double value) {
        if (value == null) {
            return "";
        }
        return column.equals("epoch") ? Long.toString(Math.round(value)) : String.format(Locale.ROOT, "%.6g", value);
    }

    private static void append(java.nio.file.Path file, String line) {
        try (BufferedWriter writer = Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            writer.write(line);
            writer.newLine();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
