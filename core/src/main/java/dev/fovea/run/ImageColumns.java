package dev.fovea.run;

import dev.fovea.data.CsvColumns;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Appearance;
import dev.fovea.image.ImageException;
import dev.fovea.image.Size;
import dev.fovea.run.answers.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What is known of the images of a data set beside their targets, by which they can be told apart: what is measured of them, and what
 * else a table says. Each column has a value for every image, those of the training part first, then validation and test.
 */
public final class ImageColumns {

    /** Something that is measured. */
    private record Measure(String name, ToDoubleFunction<Appearance> of) {}

    private static final String BYTES = "bytes";

    private static final List<Measure> MEASURES = List.of(
            new Measure("width", looks -> looks.size().width()),
            new Measure("height", looks -> looks.size().height()),
            new Measure("pixels", looks -> pixels(looks.size())),
            new Measure(
                    "shape",
                    looks -> looks.size().width() / (double) looks.size().height()),
            new Measure("brightness", Appearance::brightness),
            new Measure("contrast", Appearance::contrast),
            new Measure("sharpness", Appearance::sharpness),
            new Measure(BYTES, looks -> 0));

    private ImageColumns() {}

    /**
     * Reads every image, with as many threads as there are cores, and measures width, height, pixels, shape (width / height),
     * brightness (0 to 255), contrast and sharpness, as {@link Appearance} has them, and the bytes of its file. Of an image that cannot
     * be read nothing is known; a property that all share is left out.
     *
     * @param progress is told of each image; what it throws ends the work
     * @throws DataException if these are clips
     */
    public static List<Column> measured(Splits data, ProgressWatch progress) {
        List<Dataset> parts = parts(data);
        int all = parts.stream().mapToInt(Dataset::size).sum();
        var seen = new double[all][];
        var done = new AtomicInteger();
        int from = 0;
        for (Dataset part : parts) {
            if (part.size() > 0 && part.clips()) {
                throw new DataException("%s: is a clip, only images are measured".formatted(part.name(0)));
            }
            int first = from;
            IntStream.range(0, part.size()).parallel().forEach(i -> {
                seen[first + i] = values(part, i);
                progress.at(done.incrementAndGet(), all);
            });
            from += part.size();
        }
        return IntStream.range(0, MEASURES.size())
                .<Column>mapToObj(m -> new Column.Numbers(
                        MEASURES.get(m).name(),
                        Arrays.stream(seen).map(values -> values[m]).toList()))
                .filter(Column::tellsApart)
                .toList();
    }

    private static double pixels(Size size) {
        return size.width() * (double) size.height();
    }

    /** The names of all that is measured. */
    public static List<String> measures() {
        return MEASURES.stream().map(Measure::name).toList();
    }

    private static double[] values(Dataset part, int index) {
        try {
            Appearance looks = Appearance.of(part.image(index));
            long bytes = part.bytes(index);
            return MEASURES.stream()
                    .mapToDouble(
                            one -> one.name().equals(BYTES) ? bytes : one.of().applyAsDouble(looks))
                    .toArray();
        } catch (ImageException e) {
            return MEASURES.stream().mapToDouble(one -> Double.NaN).toArray();
        }
    }

    /**
     * What is said of the images: the numbers that are learned, and the further columns of a table.
     *
     * @param spec of the data, as {@link dev.fovea.data.Data#open} takes it
     */
    public static List<Column> said(Splits data, String spec) {
        List<Dataset> parts = parts(data);
        var columns = new ArrayList<Column>();
        if (first(data) instanceof Target.Values) {
            List<String> names = data.train().classes();
            for (int n = 0; n < names.size(); n++) {
                int number = n;
                columns.add(new Column.Numbers(
                        names.get(n),
                        images(parts, (part, i) -> asWritten(((Target.Values) part.target(i)).numbers()[number]))));
            }
        }
        List<String> images = images(parts, Dataset::name);
        CsvColumns.of(spec, learned(data))
                .ifPresent(table ->
                        table.names().forEach(name -> columns.add(Column.ofCells(name, table.cells(name, images)))));
        return columns.stream().filter(Column::tellsApart).toList();
    }

    /** The number that people wrote: widened, 0.1 would be less or more than that. */
    private static double asWritten(float number) {
        return Double.parseDouble(Float.toString(number));
    }

    private interface OfImage<T> {
        T of(Dataset part, int index);
    }

    private static <T> List<T> images(List<Dataset> parts, OfImage<T> what) {
        var all = new ArrayList<T>();
        for (Dataset part : parts) {
            for (int i = 0; i < part.size(); i++) {
                all.add(what.of(part, i));
            }
        }
        return all;
    }

    private static Target first(Splits data) {
        return parts(data).stream()
                .filter(part -> part.size() > 0)
                .findFirst()
                .map(part -> part.target(0))
                .orElse(new Target.None());
    }

    private static TargetKind learned(Splits data) {
        Target first = first(data);
        if (first instanceof Target.Values) {
            return new TargetKind.Numbers(data.train().classes());
        }
        return first instanceof Target.Objects ? TargetKind.BOXES : TargetKind.ONE_CLASS;
    }

    private static List<Dataset> parts(Splits data) {
        return List.of(data.train(), data.validation(), data.test());
    }
}
