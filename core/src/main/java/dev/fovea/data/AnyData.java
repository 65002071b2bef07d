package dev.fovea.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Data that is opened for looking at it, by the first way in which it can be read. */
final class AnyData {

    private static final Data.Options ANY =
            Data.Options.of().withNewClasses(true).withTargets(TargetKind.ANY);
    private static final Data.Options IMAGES = ANY.withContent(Data.Content.IMAGES);

    /** Images of classes, with boxes or masks; clips; images without classes. */
    private static final List<Data.Options> WAYS = List.of(IMAGES, ANY, IMAGES.withLabelled(false));

    private AnyData() {}

    static Splits open(String spec) {
        DataException first = null;
        for (Data.Options way : WAYS) {
            try {
                return Data.open(spec, way);
            } catch (DataException e) {
                first = first == null ? e : first;
            }
        }
        Path file = Data.path(spec);
        List<String> numbers = isTable(file) ? CsvData.numbers(file) : List.of();
        if (numbers.isEmpty()) {
            throw first;
        }
        return Data.open(spec, IMAGES.withTargets(new TargetKind.Numbers(numbers)));
    }

    private static boolean isTable(Path file) {
        return Files.isRegularFile(file)
                && file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    }
}
