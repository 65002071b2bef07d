package dev.fovea.serve.studio.models;

import dev.fovea.run.SavedNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Files by whose times and sizes a change of a model or its data shows.
 *
 * @param files that there are
 * @param stamp of them
 */
public record Watched(List<Path> files, String stamp) {

    /** @param data as it is opened, which lies nowhere where it is built in */
    public static Watched of(Path model, String data) {
        var files = new ArrayList<Path>();
        files.add(SavedNet.weights(model));
        try {
            Path place = Path.of(data);
            if (place.isAbsolute()) {
                files.add(place);
            }
        } catch (InvalidPathException e) {
            // a built-in name, or who opens it says what is wrong
        }
        return new Watched(List.copyOf(files), stamp(files));
    }

    public boolean unchanged() {
        return stamp.equals(stamp(files));
    }

    private static String stamp(List<Path> files) {
        var all = new StringBuilder();
        for (Path file : files) {
            try {
                all.append(Long.toHexString(Files.getLastModifiedTime(file).toMillis()))
                        .append('.')
                        .append(Files.isDirectory(file) ? 0 : Files.size(file))
                        .append('-');
            } catch (IOException e) {
                all.append("gone-");
            }
        }
        return all.toString();
    }
}
