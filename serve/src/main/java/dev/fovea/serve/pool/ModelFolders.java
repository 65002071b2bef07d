package dev.fovea.serve.pool;

import dev.fovea.io.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where models lie: some by name, and those of repositories. A repository has a folder for each model and in it one for each
 * version, a number, with a model package or a {@code model.onnx}; a package or a run itself is version 1, and so is a file
 * {@code NAME.onnx}.
 */
final class ModelFolders {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern VERSION = Pattern.compile("\\d{1,18}");
    private static final String FIRST = "1";
    private static final String CONFIG = "config.json";
    private static final String OTHER_FORMAT = ".onnx";

    private final Map<String, Path> named;
    private final List<Path> repositories;
    private final Map<Path, Set<String>> known = new HashMap<>();

    /** @throws IllegalArgumentException if a name cannot stand in an address */
    ModelFolders(Map<String, Path> named, List<Path> repositories) {
        this.named = new LinkedHashMap<>(named);
        this.repositories = List.copyOf(repositories);
        named.keySet().forEach(ModelFolders::check);
    }

    private static void check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'%s' cannot be the name of a model in an address: expected letters, digits, points, hyphens and underscores"
                            .formatted(name));
        }
    }

    /** A sentence as clients may read it: where files lie on this machine is not theirs to know. */
    String withoutPaths(String text) {
        String shown = text;
        for (Path repository : repositories) {
            for (Path path : List.of(repository.toAbsolutePath(), repository)) {
                String folder = path.toString();
                shown = folder.isEmpty()
                        ? shown
                        : shown.replace(folder + "/", "").replace(folder, "repository");
            }
        }
        for (Map.Entry<String, Path> one : named.entrySet()) {
            for (Path path : List.of(one.getValue().toAbsolutePath(), one.getValue())) {
                shown = shown.replace(path.toString(), one.getKey());
            }
        }
        return shown;
    }

    /** A sentence about each repository in which the last look found no model. */
    List<String> withoutModels() {
        return repositories.stream()
                .filter(repository -> known.getOrDefault(repository, Set.of()).isEmpty())
                .map(repository ->
                        "%s: %s. A model that is put there, as NAME/1/config.json and model.safetensors, will be served"
                                .formatted(
                                        repository,
                                        Files.isDirectory(repository)
                                                ? "there is no model in it"
                                                : "there is no such folder"))
                .toList();
    }

    /** What lies there now, by name. */
    Map<String, FoundModel> look() {
        var found = new TreeMap<String, FoundModel>();
        for (Path repository : repositories) {
            look(repository, found);
        }
        named.forEach((name, path) -> found.put(name, alone(name, path)));
        return found;
    }

    /**
     * A repository that cannot be read, or has become empty, as where a disk is not there, keeps its models: what was removed
     * on purpose was removed one by one.
     */
    private void look(Path repository, Map<String, FoundModel> found) {
        Set<String> before = known.getOrDefault(repository, Set.of());
        try (Stream<Path> inside = Files.list(repository)) {
            var own = new TreeMap<String, FoundModel>();
            inside.filter(ModelFolders::model)
                    .filter(path -> before.contains(name(path)) || holdsModel(path))
                    .forEach(path -> own.put(name(path), model(name(path), path)));
            if (own.isEmpty() && !before.isEmpty()) {
                kept(before, found, "%s: the repository is empty".formatted(repository));
                return;
            }
            known.put(repository, new TreeSet<>(own.keySet()));
            own.forEach(found::putIfAbsent);
        } catch (IOException e) {
            kept(before, found, "%s: the repository cannot be read (%s)".formatted(repository, Reason.of(e)));
        }
    }

    private static void kept(Set<String> names, Map<String, FoundModel> found, String problem) {
        names.forEach(name -> found.putIfAbsent(name, new FoundModel(name, new TreeMap<>(), Shares.NEWEST, problem)));
    }

    private static boolean model(Path path) {
        return NAME.matcher(name(path)).matches()
                && (Files.isDirectory(path) || path.toString().endsWith(OTHER_FORMAT));
    }

    /** Whether it is more than a folder of something else: a model, or one for versions, complete or not. */
    private static boolean holdsModel(Path path) {
        if (content(path).isPresent()) {
            return true;
        }
        try (Stream<Path> inside = Files.list(path)) {
            return inside.anyMatch(ModelFolders::version);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean version(Path path) {
        return VERSION.matcher(String.valueOf(path.getFileName())).matches();
    }

    private static String name(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.endsWith(OTHER_FORMAT) ? name.substring(0, name.length() - OTHER_FORMAT.length()) : name;
    }

    private static FoundModel model(String name, Path folder) {
        if (content(folder).isPresent()) {
            return alone(name, folder);
        }
        var versions = new TreeMap<String, Edition>(FoundModel.BY_NUMBER);
        try (Stream<Path> inside = Files.list(folder)) {
            inside.filter(ModelFolders::version)
                    .forEach(path -> edition(name, String.valueOf(path.getFileName()), path)
                            .ifPresent(edition -> versions.put(edition.version(), edition)));
            return new FoundModel(
                    name,
                    versions,
                    Shares.read(folder),
                    versions.isEmpty() ? "%s: holds no version with a model".formatted(folder) : "");
        } catch (IOException e) {
            return new FoundModel(
                    name, new TreeMap<>(), Shares.NEWEST, "%s: cannot be read (%s)".formatted(folder, Reason.of(e)));
        } catch (IllegalArgumentException e) {
            return new FoundModel(name, new TreeMap<>(), Shares.NEWEST, e.getMessage());
        }
    }

    /** One that has no versions. */
    private static FoundModel alone(String name, Path path) {
        var versions = new TreeMap<String, Edition>(FoundModel.BY_NUMBER);
        edition(name, FIRST, path).ifPresent(edition -> versions.put(FIRST, edition));
        return new FoundModel(
                name, versions, Shares.NEWEST, versions.isEmpty() ? "%s: there is no model".formatted(path) : "");
    }

    private static Optional<Edition> edition(String name, String version, Path path) {
        return content(path)
                .flatMap(content ->
                        fingerprint(content).map(fingerprint -> new Edition(name, version, content, fingerprint)));
    }

    /** The package or file that lies there, perhaps not complete yet. */
    private static Optional<Path> content(Path path) {
        if (Files.isRegularFile(path)) {
            return Optional.of(path);
        }
        return Stream.of(path, path.resolve("model"))
                .filter(folder -> Files.isRegularFile(folder.resolve(CONFIG)))
                .findFirst()
                .or(() -> Optional.of(path.resolve("model" + OTHER_FORMAT)).filter(Files::isRegularFile));
    }

    /** Whether a file is the model, or lies beside it as its weights ({@code NAME.onnx.data}) or description ({@code NAME.yaml}). */
    private static boolean belongs(Path path, Path model) {
        String file = String.valueOf(path.getFileName());
        String own = String.valueOf(model.getFileName());
        return file.startsWith(own) || (file.startsWith(name(model) + ".") && !file.endsWith(OTHER_FORMAT));
    }

    /** None while files come and go. */
    private static Optional<String> fingerprint(Path content) {
        boolean file = Files.isRegularFile(content);
        Path folder = file ? content.toAbsolutePath().getParent() : content;
        try (Stream<Path> inside = Files.list(folder)) {
            var parts = new TreeSet<String>();
            for (Path path : inside.filter(Files::isRegularFile).toList()) {
                if (!file || belongs(path, content)) {
                    var facts = Files.readAttributes(path, BasicFileAttributes.class);
                    parts.add("%s %s %s %s"
                            .formatted(path.getFileName(), facts.size(), facts.lastModifiedTime(), facts.fileKey()));
                }
            }
            return Optional.of(parts.stream().collect(Collectors.joining("\n")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
