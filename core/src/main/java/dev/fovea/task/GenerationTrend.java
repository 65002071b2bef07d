package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.FormatException;
import dev.fovea.report.Charts;
import dev.fovea.train.Listener;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Judges after every epoch, through a classifier, what a generator makes, and writes how that goes. */
final class GenerationTrend implements Listener {

    static final String CHART = "generated-fid.png";
    private static final String FILE = "generated.csv";
    private static final int MADE = 2000;
    private static final int REAL = 5000;

    private final Classifier judge;
    private final List<float[]> real;
    private final RunFolder folder;
    private final List<Listener> others;
    private final boolean toldClasses;
    private final List<Map<String, Double>> rows = new ArrayList<>();

    /**
     * @param train real pictures of the same classes as the judge's
     * @param toldClasses whether the generator is asked for all classes in turn
     * @param others told in words what was found
     */
    GenerationTrend(Classifier judge, Dataset train, boolean toldClasses, RunFolder folder, List<Listener> others) {
        if (!judge.classes().equals(train.classes())) {
            throw new IllegalArgumentException(
                    "--judge: its classes are %s, those of the data %s".formatted(judge.classes(), train.classes()));
        }
        this.judge = judge;
        this.toldClasses = toldClasses;
        this.folder = folder;
        this.others = List.copyOf(others);
        rows.addAll(recorded(folder));
        real = judge.features(Subset.evenly(train, REAL));
    }

    @Override
    public int samples() {
        return MADE;
    }

    @Override
    public void onEpoch(Epoch epoch) {
        List<Image> made = epoch.samples();
        if (made.isEmpty()) {
            return;
        }
        int[] asked = IntStream.range(0, toldClasses ? made.size() : 0)
                .map(i -> i % judge.classes().size())
                .toArray();
        var row = new LinkedHashMap<String, Double>();
        row.put("epoch", (double) epoch.epoch());
        row.putAll(GenerationScore.metrics(made, asked, judge, real));
        rows.removeIf(known -> known.get("epoch") >= epoch.epoch());
        rows.add(row);
        AtomicFile.write(folder.path().resolve(FILE), RunRecord.csv(rows));
        String text = "%,d generated pictures beside %,d real ones, by features of %s: %s"
                .formatted(made.size(), real.size(), judge.config().architecture(), words(row));
        others.forEach(listener -> listener.onRemark(text));
    }

    /** What was found in one epoch. */
    static String words(Map<String, Double> row) {
        return String.format(Locale.ROOT, "FID %.2f, ", row.get("fid"))
                + (row.containsKey("readAsAsked")
                        ? String.format(Locale.ROOT, "read as asked %.1f %%, ", 100 * row.get("readAsAsked"))
                        : "")
                + String.format(Locale.ROOT, "classes covered %.0f %%", 100 * row.get("coverage"))
                + (row.get("coverage") < 1 ? ": the generator leaves classes out" : "");
    }

    /** What was found in the last epoch that was judged. */
    static String lastWords(List<Map<String, Double>> rows) {
        Map<String, Double> last = rows.get(rows.size() - 1);
        return String.format(Locale.ROOT, "In epoch %.0f: %s.", last.get("epoch"), words(last));
    }

    /** The epochs judged so far, of a run that goes on also those before it was stopped. */
    static List<Map<String, Double>> recorded(RunFolder folder) {
        Path file = folder.path().resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (var parser = CSVParser.parse(
                file,
                StandardCharsets.UTF_8,
                CSVFormat.DEFAULT.builder().setHeader().get())) {
            return parser.stream().map(GenerationTrend::row).toList();
        } catch (NumberFormatException e) {
            throw new FormatException("%s: not as it was written (%s). Delete it, and the trend starts anew"
                    .formatted(file, e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Map<String, Double> row(CSVRecord line) {
        if (!line.isConsistent()) {
            throw new NumberFormatException("line %d is cut".formatted(line.getRecordNumber() + 1));
        }
        var row = new LinkedHashMap<String, Double>();
        line.toMap().forEach((name, value) -> row.put(name, Double.valueOf(value)));
        return row;
    }

    @Override
    public void onEnd(End end) {
        if (rows.size() > 1) {
            var points = rows.stream()
                    .map(row -> new double[] {row.get("epoch"), row.get("fid")})
                    .toList();
            Image.write(
                    folder.path().resolve(CHART),
                    Charts.lines(
                            "FID of %,d generated pictures to %,d of the data, features of %s"
                                    .formatted(MADE, real.size(), judge.config().architecture()),
                            "epoch",
                            "FID",
                            Map.of("generated", points)));
        }
    }
}
