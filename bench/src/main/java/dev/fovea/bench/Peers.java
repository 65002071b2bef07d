package dev.fovea.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The programs under {@code bench/peers}: each a Maven project of its own, built when first needed.
 *
 * @param root of the repository
 */
record Peers(Path root) {

    /** The class path of a peer's program, which is built first if it never was or a source is newer. */
    String classPath(String engine) {
        Path project = root.resolve("bench/peers").resolve(engine);
        Path classPath = project.resolve("target/classpath.txt");
        try {
            if (Files.notExists(classPath)
                    || newest(project) > Files.getLastModifiedTime(classPath).toMillis()) {
                System.err.println("building bench/peers/" + engine + " (the first time downloads its natives)");
                Command.run(
                        List.of(
                                root.resolve("mvnw").toString(),
                                "-B",
                                "-q",
                                "-f",
                                project.toString(),
                                "clean",
                                "compile"),
                        root,
                        Map.of(),
                        Duration.ofMinutes(30));
            }
            return project.resolve("target/classes")
                    + File.pathSeparator
                    + Files.readString(classPath).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long newest(Path project) throws IOException {
        long newest = Files.getLastModifiedTime(project.resolve("pom.xml")).toMillis();
        for (Path sources : List.of(project.resolve("src"), root.resolve("bench/peers/common/src"))) {
            try (Stream<Path> files = Files.walk(sources)) {
                newest = Math.max(
                        newest,
                        files.mapToLong(f -> f.toFile().lastModified()).max().orElse(0));
            }
        }
        return newest;
    }
}
