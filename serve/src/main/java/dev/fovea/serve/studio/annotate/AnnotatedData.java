package dev.fovea.serve.studio.annotate;

import dev.fovea.data.AnnotationCorrections;
import dev.fovea.data.BoxSummary;
import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.io.FileStamp;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.Studio;
import dev.fovea.serve.studio.data.Opened;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Data sets whose objects are shown and corrected: what lies there, and the corrections beside it, each written as it is made. */
final class AnnotatedData {

    private static final Data.Options BOXES = Data.Options.of().withTargets(new TargetKind.Boxes(true, true));

    /**
     * A data set with its corrections.
     *
     * @param path by which it is asked for
     * @param place where it lies or, of a built-in one, would lie
     * @param version of the images: their numbers are of one
     * @param data as it is
     */
    record Annotated(String path, Path place, String version, Splits data, AnnotationCorrections corrections) {

        Annotated with(AnnotationCorrections after) {
            return new Annotated(path, place, version, data, after);
        }

        /** @throws Refusal if there is no such image */
        Dataset images(String part, int index) {
            Dataset images = data.part(part);
            if (index < 0 || index >= images.size()) {
                throw Refusal.notFound("the %s part of %s has %s images, there is no image %s"
                        .formatted(part, path, images.size(), index));
            }
            return images;
        }
    }

    private final Studio studio;

    /** Built-in scenes say classes, boxes or masks, whatever they are asked for. */
    private final Map<String, Splits> builtIn = new HashMap<>();

    /** The corrections that were read last. */
    private Read read;

    private record Read(Path file, FileStamp stamp, String version, AnnotationCorrections corrections) {}

    AnnotatedData(Studio studio) {
        this.studio = studio;
    }

    /** The path of the data itself, where a list of its corrections is named. */
    String pathOf(String path) {
        if (path.contains("..") || !path.endsWith(".json")) {
            return path;
        }
        Path file = studio.workspace().resolve(path);
        return AnnotationCorrections.named(file) && Files.isRegularFile(file)
                ? studio.workspace().relative(AnnotationCorrections.corrected(file))
                : path;
    }

    /**
     * A data set by its path or name.
     *
     * @throws DataException if its images have neither boxes nor classes of pixels
     */
    Annotated open(String asked) {
        String path = pathOf(asked);
        Opened opened = studio.data().open(path);
        Path place = opened.builtIn() ? studio.workspace().root().resolve(path) : opened.place();
        Splits data = opened.builtIn() ? scenes(path, opened.splits()) : opened.splits();
        if (isOf(data)) {
            return new Annotated(path, place, opened.version(), data, corrections(place, opened.version(), data));
        }
        throw new DataException(
                path + ": its images have neither boxes nor masks, which are what is shown and edited here");
    }

    /** Read once as long as neither they nor the data change. */
    private synchronized AnnotationCorrections corrections(Path place, String version, Splits data) {
        Path file = AnnotationCorrections.file(place);
        FileStamp stamp = FileStamp.of(file);
        if (read == null
                || !read.file().equals(file)
                || !read.stamp().equals(stamp)
                || !read.version().equals(version)) {
            read = new Read(file, stamp, version, AnnotationCorrections.of(place, data));
        }
        return read.corrections();
    }

    private synchronized Splits scenes(String path, Splits data) {
        if (isOf(data)) {
            return data;
        }
        return builtIn.computeIfAbsent(path, name -> {
            try {
                return Data.named(name, BOXES);
            } catch (DataException e) {
                return data; // it has no boxes
            }
        });
    }

    private static boolean isOf(Splits data) {
        return first(data)
                .map(images -> images.target(0) instanceof Target.PixelLabels || BoxSummary.isOf(images))
                .orElse(false);
    }

    private static Optional<Dataset> first(Splits data) {
        return List.of(data.train(), data.validation(), data.test()).stream()
                .filter(part -> part.size() > 0)
                .findFirst();
    }

    /** The images of each part that has some. */
    static Map<String, Integer> sizes(Splits data) {
        var sizes = new LinkedHashMap<String, Integer>();
        for (String part : List.of("train", "validation", "test")) {
            if (data.part(part).size() > 0) {
                sizes.put(part, data.part(part).size());
            }
        }
        return sizes;
    }
}
