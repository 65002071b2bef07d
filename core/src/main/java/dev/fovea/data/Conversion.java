package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.Size;
import dev.fovea.io.Nearest;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Images with boxes written in another form. The data itself stays as it is; the new folder is there whole or not at all.
 *
 * @param folder that was written
 * @param images of each part
 * @param objects in all of them
 * @param copied images that were files and are the same to the byte; the others are PNG files now
 * @param notes what the form has no place for
 */
public record Conversion(Path folder, Map<String, Integer> images, int objects, int copied, List<String> notes) {

    /** Forms that can be written. */
    public static final List<String> FORMATS = List.of("voc", "coco", "yolo", "csv");

    /**
     * Writes data in another form.
     *
     * @param to one of {@link #FORMATS}
     * @param folder that is made; one that is there must be empty
     * @throws IllegalArgumentException if there is no such form, or something lies in the folder
     * @throws DataException if the data has no boxes
     * @throws UncheckedIOException if it cannot be written; nothing is left behind
     */
    public static Conversion of(Splits data, String to, Path folder) {
        return of(data, to, folder, false);
    }

    /**
     * The same.
     *
     * @param found whether a model has found the objects, so that COCO's form has a list of results too
     */
    static Conversion of(Splits data, String to, Path folder, boolean found) {
        check(to, folder);
        Path target = folder.toAbsolutePath().normalize();
        try {
            Path temporary = Files.createDirectory(target.resolveSibling(
                    ".fovea-" + Long.toHexString(ThreadLocalRandom.current().nextLong())));
            try {
                Conversion done = new Writing(data, to, temporary, found).all(folder);
                Files.deleteIfExists(target);
                Files.move(temporary, target);
                return done;
            } catch (IOException | RuntimeException e) {
                discard(temporary);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s: cannot be written (%s). Nothing is left behind".formatted(folder, Reason.of(e)), e);
        }
    }

    /**
     * Whether data can be written there, before what is to be written is worked out.
     *
     * @throws IllegalArgumentException if there is no such form, or something lies in the folder
     */
    public static void check(String to, Path folder) {
        if (!FORMATS.contains(to)) {
            throw new IllegalArgumentException(
                    "format must be voc, coco, yolo or csv, got '%s'%s".formatted(to, Nearest.hint(to, FORMATS)));
        }
        try {
            checkFree(folder, folder.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be read (%s)".formatted(folder, Reason.of(e)), e);
        }
    }

    private static void checkFree(Path folder, Path target) throws IOException {
        if (target.getParent() == null || !Files.isDirectory(target.getParent())) {
            throw new IllegalArgumentException(
                    "%s: cannot be written, there is no folder %s".formatted(folder, target.getParent()));
        }
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new IllegalArgumentException(folder + ": is a file. Name a new or an empty folder");
        }
        if (Files.isDirectory(target)) {
            try (var inside = Files.list(target)) {
                if (inside.findAny().isPresent()) {
                    throw new IllegalArgumentException(
                            folder + ": is not empty, and nothing in it is overwritten. Name a new or an empty folder");
                }
            }
        }
    }

    private static void discard(Path folder) {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // the first failure is the one to report
        }
    }

    /** A folder that is being written. */
    private static final class Writing {

        private final Map<String, Dataset> parts = new LinkedHashMap<>();
        private final Path folder;
        private final String title;
        private final ObjectWriter writer;
        private final ObjectWriter.Losses losses = new ObjectWriter.Losses();
        private final Set<String> stems = new HashSet<>();
        private int objects;
        private int copied;
        private long id;

        Writing(Splits data, String to, Path folder, boolean found) {
            parts.put("train", data.train());
            parts.put("validation", data.validation());
            parts.put("test", data.test());
            this.folder = folder;
            List<String> classes = data.train().classes();
            writer = switch (to) {
                case "voc" -> new VocWriter(folder, classes);
                case "coco" -> new CocoWriter(folder, classes, categories(), found);
                case "yolo" -> new YoloWriter(folder, classes, allPolygons());
                default -> new CsvBoxesWriter(folder, classes);
            };
            title = Map.of("voc", "Pascal VOC", "coco", "COCO", "yolo", "YOLO", "csv", "CSV")
                    .get(to);
        }

        private List<Long> categories() {
            return parts.values().stream()
                    .flatMap(data -> CocoIds.of(data).stream())
                    .findFirst()
                    .map(CocoIds::categories)
                    .orElse(List.of());
        }

        private boolean allPolygons() {
            return parts.values().stream()
                    .allMatch(data -> IntStream.range(0, data.size())
                            .allMatch(
                                    i -> Annotated.annotations(data, i).stream().allMatch(YoloWriter::onePolygon)));
        }

        Conversion all(Path named) throws IOException {
            var images = new LinkedHashMap<String, Integer>();
            for (var part : parts.entrySet()) {
                for (int i = 0; i < part.getValue().size(); i++) {
                    write(part.getKey(), part.getValue(), i);
                }
                images.put(part.getKey(), part.getValue().size());
            }
            writer.finish();
            return new Conversion(named, images, objects, copied, losses.notes(title));
        }

        private void write(String part, Dataset data, int index) throws IOException {
            Optional<byte[]> bytes = data.encoded(index);
            List<Annotation> annotations = Annotated.annotations(data, index);
            Optional<Annotated.Place> place = Annotated.of(data, index);
            boolean numbered = CocoIds.of(data).isPresent();
            Image drawn = bytes.isEmpty() ? data.image(index) : null;
            Size size = place.isPresent()
                    ? place.get().data().imageSize(place.get().index())
                    : drawn == null ? Image.size(bytes.get(), data.name(index)) : drawn.size();
            long number = numbered ? place.orElseThrow().data().id(place.get().index()) : ++id;
            List<Annotation> kept =
                    annotations.stream().filter(object -> !object.tiny()).toList();
            for (int i = kept.size(); i < annotations.size(); i++) {
                losses.add("objects of a pixel or less, left out of the annotations");
            }
            String name = fileName(data.name(index), bytes.isPresent());
            var image = new ObjectWriter.Written(part, name, size, number, kept, annotations);
            Path file = ObjectWriter.made(folder, writer.place(image));
            if (drawn == null) {
                Files.write(file, bytes.get());
                copied++;
            } else {
                Image.write(file, drawn);
            }
            writer.add(image, losses);
            objects += kept.size();
        }

        /** Without folders, of a stem that no other image has, as annotations go by it. */
        private String fileName(String name, boolean file) {
            String last = file ? name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1) : name;
            String plain = last.replaceAll(file ? "[\\p{Cntrl}<>:\"|?*]" : "[^\\p{L}\\p{N}]+", "-");
            String stem = file ? Voc.stem(plain) : plain;
            String ending = file ? plain.substring(stem.length()) : ".png";
            String own = stem;
            for (int i = 2; !stems.add(own.toLowerCase(Locale.ROOT)); i++) {
                own = stem + "-" + i;
            }
            return own + ending;
        }
    }
}
