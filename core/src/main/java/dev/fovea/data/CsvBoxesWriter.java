package dev.fovea.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/** A table of boxes, {@code boxes.csv}, with the images in a folder beside it. */
final class CsvBoxesWriter implements ObjectWriter {

    private static final List<String> HEADINGS =
            List.of("path", "label", "left", "top", "right", "bottom", "ignore", "split", "score");

    private final Path folder;
    private final List<String> classes;
    private final List<List<String>> rows = new ArrayList<>();
    private boolean scores;

    CsvBoxesWriter(Path folder, List<String> classes) {
        this.folder = folder;
        this.classes = classes;
    }

    @Override
    public String place(Written image) {
        return "images/" + image.fileName();
    }

    @Override
    public void add(Written image, Losses losses) {
        ObjectWriter.countBeyondBoxes(image.objects(), losses);
        if (image.objects().isEmpty()) {
            rows.add(List.of(place(image), "", "", "", "", "", "", image.part(), ""));
        }
        for (Annotation object : image.objects()) {
            Box box = object.box();
            rows.add(List.of(
                    place(image),
                    classes.get(object.label()),
                    BoxChecks.number(box.left()),
                    BoxChecks.number(box.top()),
                    BoxChecks.number(box.right()),
                    BoxChecks.number(box.bottom()),
                    object.ignore() ? "1" : "0",
                    image.part(),
                    object.score().map(ObjectWriter::score).orElse("")));
            scores |= object.score().isPresent();
        }
    }

    @Override
    public void finish() throws IOException {
        try (var out = Files.newBufferedWriter(folder.resolve("boxes.csv"), StandardCharsets.UTF_8);
                var csv = CSVFormat.RFC4180
                        .builder()
                        .setRecordSeparator('\n')
                        .get()
                        .print(out)) {
            csv.printRecord(written(HEADINGS));
            for (List<String> row : rows) {
                csv.printRecord(written(row));
            }
        }
    }

    /** Without the last column where there are no scores. */
    private List<String> written(List<String> row) {
        return scores ? row : row.subList(0, row.size() - 1);
    }
}
