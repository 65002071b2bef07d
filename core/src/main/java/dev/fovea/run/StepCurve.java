package dev.fovea.run;

import dev.fovea.io.RegularFile;
import dev.fovea.train.Listener;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The loss within epochs, {@code steps.csv} in a run's folder: often at first and every ten seconds later, so that the file of a
 * run of days stays small. TensorBoard's events have every single step.
 */
public final class StepCurve implements Listener {

    private static final String HEADER = "step,epochs,loss,lr,images_per_second";

    private static final double LEAST_SECONDS = 0.5;
    private static final double MOST_SECONDS = 10;

    /** Points that the time so far has at least, once they come less often. */
    private static final int POINTS = 200;

    /**
     * A point.
     *
     * @param step optimizer updates since the beginning of the run
     * @param epochs the same in epochs, with a fraction
     * @param loss the mean since the point before, or NaN where there was none
     */
    public record Point(long step, double epochs, double loss, double lr, double imagesPerSecond) {

        private String line() {
            return String.format(Locale.ROOT, "%d,%.5g,%.6g,%.6g,%.5g%n", step, epochs, loss, lr, imagesPerSecond);
        }

        private static Point of(String line) {
            String[] cells = line.split(",");
            return new Point(
                    Long.parseLong(cells[0]),
                    Double.parseDouble(cells[1]),
                    Double.parseDouble(cells[2]),
                    Double.parseDouble(cells[3]),
                    Double.parseDouble(cells[4]));
        }
    }

    /**
     * Points for somebody who has read others before.
     *
     * @param points in their order
     * @param anew whether these are all: what was read before is no longer part of the curve, or nothing was
     * @param mark by which those behind them are asked for
     */
    public record Part(List<Point> points, boolean anew, String mark) {}

    private final Path file;
    private final long began = System.nanoTime();
    private Start start;
    private boolean opened;
    private double loss;
    private long withLoss;
    private long images;
    private double secondsBefore;
    private long last = System.nanoTime();

    StepCurve(RunFolder folder) {
        file = folder.steps();
    }

    /** The points of a run, in their order; none where it was trained by an early release. Lines that are cut off are left out. */
    public static List<Point> read(Path run) {
        Path file = new RunFolder(run).steps();
        var points = new ArrayList<Point>();
        if (!Files.isRegularFile(file)) {
            return points;
        }
        List<String> lines;
        try {
            lines = RegularFile.text(file).lines().toList();
        } catch (IOException e) {
            return points;
        }
        for (String line : lines) {
            try {
                points.add(Point.of(line));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                // the header, or a line that is being written
            }
        }
        return points;
    }

    /**
     * The points of a run behind those that were read before. A run that goes on from an earlier checkpoint gives up the points behind it:
     * then they are all.
     *
     * @param mark as the {@link Part} before had it; empty for the first
     */
    public static Part behind(Path run, String mark) {
        List<Point> all = read(run);
        int from = all.size();
        while (from > 0 && !mark(all.get(from - 1)).equals(mark)) {
            from--;
        }
        return new Part(
                List.copyOf(all.subList(from, all.size())),
                from == 0,
                all.isEmpty() ? "" : mark(all.get(all.size() - 1)));
    }

    /** The same step made again took another time, and began its mean elsewhere. */
    private static String mark(Point point) {
        return point.step() + "-" + Integer.toHexString(point.hashCode());
    }

    @Override
    public void onStart(Start begun) {
        start = begun;
    }

    @Override
    public void onStep(Step step) {
        long at = (long) (step.epoch() - 1) * start.stepsPerEpoch() + step.stepInEpoch();
        if (!opened) {
            opened = true;
            open(at);
        }
        if (step.own().isPresent()) {
            loss += step.own().getAsDouble();
            withLoss++;
        }
        images += step.images();
        long now = System.nanoTime();
        double every = Math.max(LEAST_SECONDS, Math.min(MOST_SECONDS, (now - began) / 1e9 / POINTS));
        if ((now - last) / 1e9 >= every || at == 1) {
            double seconds = step.seconds() - secondsBefore;
            write(
                    new Point(
                                    at,
                                    at / (double) start.stepsPerEpoch(),
                                    withLoss == 0 ? Double.NaN : loss / withLoss,
                                    step.lr(),
                                    seconds > 0 ? images / seconds : Double.NaN)
                            .line(),
                    StandardOpenOption.APPEND);
            last = now;
            loss = 0;
            withLoss = 0;
            images = 0;
            secondsBefore = step.seconds();
        }
    }

    @Override
    public void onEpoch(Epoch epoch) {
        images = 0;
        secondsBefore = 0;
    }

    /** Steps behind the checkpoint that a run goes on from are made again. */
    private void open(long first) {
        var kept = new StringBuilder(HEADER).append(System.lineSeparator());
        read(file.getParent()).stream()
                .filter(point -> point.step() < first)
                .forEach(point -> kept.append(point.line()));
        write(kept.toString(), StandardOpenOption.TRUNCATE_EXISTING);
    }

    private void write(String text, StandardOpenOption how) {
        try {
            Files.writeString(
                    file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how);
        } catch (IOException | UncheckedIOException e) {
            // the next checkpoint says what is wrong with the disk
        }
    }
}
