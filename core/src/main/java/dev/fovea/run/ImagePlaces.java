package dev.fovea.run;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the images of a data set are, by their names. A list about them may name them from its own folder or from the current
 * one, and was perhaps written when the data was opened by another path: all that leads to the same file is the same image.
 */
public final class ImagePlaces {

    /**
     * An image of a data set.
     *
     * @param part train, validation or test
     * @param index in the part, from 0
     */
    public record Place(String part, int index) {}

    private final Map<String, Map<Path, Integer>> parts = new LinkedHashMap<>();

    private ImagePlaces() {}

    /** Of all images of {@code data}. */
    public static ImagePlaces of(Splits data) {
        var places = new ImagePlaces();
        parts(data).forEach((part, images) -> {
            var indices = new HashMap<Path, Integer>(images.size() * 2);
            for (int i = 0; i < images.size(); i++) {
                int index = i;
                path(images.name(i)).ifPresent(path -> indices.putIfAbsent(path, index));
            }
            places.parts.put(part, indices);
        });
        return places;
    }

    /** The parts of a data set by name, in order, empty ones too. */
    static Map<String, Dataset> parts(Splits data) {
        var parts = new LinkedHashMap<String, Dataset>();
        parts.put("train", data.train());
        parts.put("validation", data.validation());
        parts.put("test", data.test());
        return parts;
    }

    /**
     * The image that a list names.
     *
     * @param part that it is said to be in
     * @param name as the list has it
     * @param folder in which the list lies
     */
    public Optional<Place> find(String part, String name, Path folder) {
        Map<Path, Integer> indices = parts.getOrDefault(part, Map.of());
        Integer index = path(name).map(indices::get).orElse(null);
        if (index == null) {
            index = beside(name, folder).map(indices::get).orElse(null);
        }
        return Optional.ofNullable(index).map(found -> new Place(part, found));
    }

    /** The same in whatever part it is, first in the one that is named: a part that is opened alone stands as training part. */
    public Optional<Place> findAnywhere(String part, String name, Path folder) {
        return find(part, name, folder)
                .or(() -> parts.keySet().stream()
                        .flatMap(other -> find(other, name, folder).stream())
                        .findFirst());
    }

    /** The name of an image for a list that lies in {@code folder}: counted from there if the image lies below it. */
    public static String named(String name, Path folder) {
        Path from = folder.toAbsolutePath().normalize();
        return path(name)
                .filter(path -> path.startsWith(from))
                .map(path -> from.relativize(path).toString().replace('\\', '/'))
                .orElse(name);
    }

    private static Optional<Path> path(String name) {
        try {
            return Optional.of(Path.of(name).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> beside(String name, Path folder) {
        try {
            return Optional.of(folder.resolve(name).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
