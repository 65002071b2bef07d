package dev.fovea.task.generate;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.FormatException;
import dev.fovea.report.Charts;
import dev.fovea.run.Classes;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.run.Subset;
import dev.fovea.train.Listener;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.io.StringWriter;
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

/** Evaluates generated images after every epoch by the features of a classifier, and writes the trend. */
final class GenerationTrend implements Listener {

    static final String CHART = "generated-frechet.png";
    private static final String FILE = "generated.csv";
    private static final String EPOCH = "epoch";
    private static final String NETWORK = "network";
    private static final String SAMPLES = "samples";
    private static final String REFERENCE = "reference";
    private static final String MISSING = "missing";
    private static final String SEPARATOR = "\t";
    private static final int MADE = 2000;
    private static final int REAL = 5000;

    private final FeatureExtractor classifier;
    private final List<float[]> real;
    private final RunFolder folder;
    private final List<Listener> others;
    private final boolean classConditional;
    private final List<Row> rows = new ArrayList<>();

    /** The metrics of one epoch. */
    record Row(int epoch, GenerationScore score) {

        /** The classifier and the reference: metrics with others cannot be compared with these. */
        private String comparison() {
            return String.format(
                    Locale.ROOT,
                    "%,d generated images beside %,d of the training images, by features of %s",
                    score.samples(),
                    score.reference(),
                    score.features());
        }

        /** In words. */
        String words() {
            Map<String, Double> metrics = score.metrics();
            var words = new StringBuilder(
                    String.format(Locale.ROOT, "%s %.2f", score.frechetName(), score.frechetDistance()));
            if (metrics.containsKey("classConsistency")) {
                words.append(String.format(
                        Locale.ROOT, ", class consistency %.1f %%", 100 * metrics.get("classConsistency")));
            }
            if (metrics.containsKey("coverage")) {
                words.append(String.format(Locale.ROOT, ", classes covered %.0f %%", 100 * metrics.get("coverage")));
            }
            if (!score.missing().isEmpty()) {
                words.append(": the generator omits  ").append(Classes.shortened(score.missing()));
            }
            return words.toString();
        }
    }

    /**
     * @param train real images; of the classifier's classes if the generator is class-conditional
     * @param classConditional whether the generator is class-conditional
     * @param others notified of the metrics in words
     * @throws IllegalArgumentException if the classes differ, or earlier epochs of the run were evaluated with another
     * classifier
     */
    GenerationTrend(
            FeatureExtractor classifier,
            Dataset train,
            boolean classConditional,
            RunFolder folder,
            List<Listener> others) {
        if (classConditional
                && !classifier.classes().isEmpty()
                && !classifier.classes().equals(train.classes())) {
            throw new IllegalArgumentException(
                    "classifier of the generated images: its classes are %s, those of the data %s"
                            .formatted(classifier.classes(), train.classes()));
        }
        this.classifier = classifier;
        this.classConditional = classConditional && !classifier.classes().isEmpty();
        this.folder = folder;
        this.others = List.copyOf(others);
        real = classifier.features(Subset.evenly(train, REAL));
        rows.addAll(recorded(folder));
        for (Row row : rows) {
            checkSameClassifier(row.score());
        }
    }

    private void checkSameClassifier(GenerationScore before) {
        String name = classifier.name();
        if (!before.features().equals(name) || before.samples() != MADE || before.reference() != real.size()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "classifier of the generated images: earlier epochs of this run were evaluated with %s beside %,d images, this is %s beside %,d. Go on with the same classifier, or move %s away",
                    before.features(),
                    before.reference(),
                    name,
                    real.size(),
                    folder.path().resolve(FILE)));
        }
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
        int[] asked = IntStream.range(0, classConditional ? made.size() : 0)
                .map(i -> i % classifier.classes().size())
                .toArray();
        var row = new Row(epoch.epoch(), GenerationScore.of(made, asked, classifier, real));
        rows.removeIf(known -> known.epoch() >= epoch.epoch());
        rows.add(row);
        AtomicFile.write(folder.path().resolve(FILE), csv());
        others.forEach(listener -> listener.onRemark(row.comparison() + ": " + row.words()));
    }

    /** The metrics of the last epoch that was evaluated. */
    static String lastWords(List<Row> rows) {
        Row last = rows.get(rows.size() - 1);
        return "Epoch %s, %s: %s.".formatted(last.epoch(), last.comparison(), last.words());
    }

    private byte[] csv() {
        var text = new StringWriter();
        var names = new ArrayList<>(List.of(EPOCH, NETWORK, SAMPLES, REFERENCE, MISSING));
        List<String> metrics = rows.stream()
                .flatMap(row -> row.score().metrics().keySet().stream())
                .distinct()
                .toList();
        names.addAll(metrics);
        var format = CSVFormat.DEFAULT
                .builder()
                .setHeader(names.toArray(String[]::new))
                .setRecordSeparator('\n')
                .get();
        try (var printer = format.print(text)) {
            for (Row row : rows) {
                var values = new ArrayList<Object>(List.of(
                        row.epoch(),
                        row.score().features(),
                        row.score().samples(),
                        row.score().reference(),
                        String.join(SEPARATOR, row.score().missing())));
                for (String name : metrics) {
                    Double value = row.score().metrics().get(name);
                    values.add(value == null ? "" : String.format(Locale.ROOT, "%.6g", value));
                }
                printer.printRecord(values);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of a string: cannot be
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The epochs evaluated so far, of a resumed run also those before it was stopped. */
    static List<Row> recorded(RunFolder folder) {
        Path file = folder.path().resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (var parser = CSVParser.parse(
                file,
                StandardCharsets.UTF_8,
                CSVFormat.DEFAULT.builder().setHeader().get())) {
            return parser.stream().map(GenerationTrend::row).toList();
        } catch (IllegalArgumentException e) {
            throw new FormatException("%s: not as it was written (%s). Delete it, and the trend starts anew"
                    .formatted(file, e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Row row(CSVRecord line) {
        if (!line.isConsistent()) {
            throw new IllegalArgumentException("line %s is cut".formatted(line.getRecordNumber() + 1));
        }
        var metrics = new LinkedHashMap<String, Double>();
        line.toMap().forEach((name, value) -> {
            if (!List.of(EPOCH, NETWORK, SAMPLES, REFERENCE, MISSING).contains(name) && !value.isEmpty()) {
                metrics.put(name, Double.valueOf(value));
            }
        });
        List<String> missing = line.get(MISSING).isEmpty()
                ? List.of()
                : List.of(line.get(MISSING).split(SEPARATOR, -1));
        var score = new GenerationScore(
                line.get(NETWORK),
                Integer.parseInt(line.get(SAMPLES)),
                Integer.parseInt(line.get(REFERENCE)),
                missing,
                metrics);
        return new Row(Integer.parseInt(line.get(EPOCH)), score);
    }

    @Override
    public void onEnd(End end) {
        if (rows.size() > 1) {
            String name = rows.get(0).score().frechetName();
            var points = rows.stream()
                    .map(row -> new double[] {row.epoch(), row.score().frechetDistance()})
                    .toList();
            Image.write(
                    folder.path().resolve(CHART),
                    Charts.lines(name + " of " + rows.get(0).comparison(), "epoch", name, Map.of("generated", points)));
        }
    }
}
