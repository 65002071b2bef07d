package dev.fovea.task.classify;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Relabelled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * Labels that images without any were given by a classifier.
 *
 * @param images all those without a label
 * @param classes that labels count in
 * @param all in the order of the images
 */
record PseudoLabels(Dataset images, List<String> classes, List<PseudoLabel> all) {

    private static final String NAME = "name";
    private static final String LABEL = "label";
    private static final String PROBABILITY = "probability";

    /**
     * Of one image.
     *
     * @param index of the image
     * @param label index of its class
     * @param probability that the classifier gives it
     */
    record PseudoLabel(int index, int label, double probability) {}

    PseudoLabels {
        all = List.copyOf(all);
    }

    /**
     * Those that {@link #text} wrote.
     *
     * @throws DataException if one is of another image or class
     */
    static PseudoLabels read(Path file, Dataset images, List<String> classes) {
        Map<String, Integer> places = new HashMap<>();
        IntStream.range(0, images.size()).forEach(i -> places.put(images.name(i), i));
        var all = new ArrayList<PseudoLabel>();
        var format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (var reader = Files.newBufferedReader(file);
                var lines = CSVParser.parse(reader, format)) {
            for (CSVRecord line : lines) {
                Integer index = places.get(line.get(NAME));
                int label = classes.indexOf(line.get(LABEL));
                if (index == null || label < 0) {
                    throw new DataException(
                            "%s:%s: the image '%s' of class '%s' is not in the data. Name the data that the run was begun with"
                                    .formatted(file, line.getRecordNumber() + 1, line.get(NAME), line.get(LABEL)));
                }
                all.add(new PseudoLabel(index, label, Double.parseDouble(line.get(PROBABILITY))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        } catch (DataException e) {
            throw e;
        } catch (IllegalArgumentException e) { // a column or number that is missing
            throw new DataException(file + ": is damaged. Start the run anew");
        }
        return new PseudoLabels(images, classes, all);
    }

    int size() {
        return all.size();
    }

    /** The images that have one, with it. */
    Dataset data() {
        return new Relabelled(
                images.subset(all.stream().mapToInt(PseudoLabel::index).toArray()),
                classes,
                all.stream().map(PseudoLabel::label).toList());
    }

    /** How many of each class, which shows if some are never sure. */
    String counts() {
        int[] counts = data().counts();
        int most = IntStream.range(0, counts.length).reduce(0, (a, b) -> counts[b] > counts[a] ? b : a);
        int fewest = IntStream.range(0, counts.length).reduce(0, (a, b) -> counts[b] < counts[a] ? b : a);
        return String.format(
                Locale.ROOT,
                "%,d of '%s', the most, to %,d of '%s'",
                counts[most],
                classes.get(most),
                counts[fewest],
                classes.get(fewest));
    }

    /** As CSV: name, label, probability. */
    String text() {
        var text = new StringBuilder();
        try (var csv = new CSVPrinter(
                text, CSVFormat.RFC4180.builder().setRecordSeparator('\n').get())) {
            csv.printRecord(NAME, LABEL, PROBABILITY);
            for (PseudoLabel one : all) {
                csv.printRecord(
                        images.name(one.index()),
                        classes.get(one.label()),
                        String.format(Locale.ROOT, "%.4f", one.probability()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
