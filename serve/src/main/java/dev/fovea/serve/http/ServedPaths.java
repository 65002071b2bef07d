package dev.fovea.serve.http;

import dev.fovea.run.TaskType;
import dev.fovea.task.ImageSearch;
import dev.fovea.task.Tasks;
import dev.fovea.task.generate.Generator;
import dev.fovea.task.restore.RestorationType;
import dev.fovea.task.restore.Restorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What is to be served, by names, apart by what is done with it.
 *
 * @param predictors answer about images
 * @param restoring restore images
 * @param generating make images
 * @param searched galleries
 */
public record ServedPaths(
        Map<String, Path> predictors,
        Map<String, Path> restoring,
        Map<String, Path> generating,
        Map<String, Path> searched) {

    private static final String GALLERY = "gallery.json";

    /**
     * @param named each {@code NAME=PATH}, or a path alone
     * @throws IllegalArgumentException if a name cannot stand in an address or is given twice, or there is no model
     */
    public static ServedPaths of(List<String> named) {
        var all = new ServedPaths(
                new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        var known = new LinkedHashMap<String, Path>();
        for (String one : named) {
            int equals = Files.exists(Path.of(one)) ? -1 : one.indexOf('=');
            Path path = Path.of(equals < 0 ? one : one.substring(equals + 1));
            String name = equals < 0 ? name(path) : one.substring(0, equals);
            Offer.checkName(name);
            if (known.put(name, path) != null) {
                throw new IllegalArgumentException(
                        "two models are called '%s'. Name one of them, as in NAME=%s".formatted(name, path));
            }
            all.kind(path).put(name, path);
        }
        return all;
    }

    /** A run keeps its model in a folder that is called so: the run's name says more. Of a file without its ending. */
    private static String name(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        if (Files.isRegularFile(absolute)) {
            return String.valueOf(absolute.getFileName()).replaceFirst("\\.[^.]*$", "");
        }
        Path file = absolute.endsWith("model") && absolute.getNameCount() > 1 ? absolute.getParent() : absolute;
        return String.valueOf(file.getFileName());
    }

    private Map<String, Path> kind(Path path) {
        if (Files.isRegularFile(path.resolve(GALLERY))) {
            return searched;
        }
        if (Files.isRegularFile(path)) { // of another format, which the loader knows
            return predictors;
        }
        TaskType<?> type = Tasks.ALL.type(path);
        return type.generates() ? generating : type == RestorationType.TYPE ? restoring : predictors;
    }

    public Map<String, Restorer> restorers(String device) {
        return each(restoring, path -> Restorer.load(path, device));
    }

    public Map<String, Generator> generators(String device) {
        return each(generating, path -> Generator.load(path, device));
    }

    public Map<String, ImageSearch> galleries(Function<Path, ImageSearch> open) {
        return each(searched, open);
    }

    private static <T> Map<String, T> each(Map<String, Path> paths, Function<Path, T> load) {
        var loaded = new LinkedHashMap<String, T>();
        paths.forEach((name, path) -> loaded.put(name, load.apply(path)));
        return loaded;
    }
}
