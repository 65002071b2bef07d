package dev.fovea.serve.studio.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Files that are moved to others, all or none: unless they are kept, closing it takes them away again. */
final class AddedFiles implements AutoCloseable {

    /** Files and folders that were not there before, the last first. */
    private final Deque<Path> made = new ArrayDeque<>();

    private boolean kept;

    /** Moves {@code file} into {@code folder}, under another name where there is one of its own already. */
    void move(Path file, Path folder) throws IOException {
        create(folder);
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        for (int number = 1; ; number++) {
            Path to = folder.resolve(number == 1 ? name : name.substring(0, dot) + "-" + number + name.substring(dot));
            if (!Files.exists(to)) {
                Files.move(file, to);
                made.push(to);
                return;
            }
        }
    }

    private void create(Path folder) throws IOException {
        var missing = new ArrayDeque<Path>();
        for (Path at = folder; at != null && !Files.exists(at); at = at.getParent()) {
            missing.push(at);
        }
        Files.createDirectories(folder);
        missing.forEach(made::push);
    }

    /** They stay. */
    void keep() {
        kept = true;
    }

    @Override
    public void close() {
        while (!kept && !made.isEmpty()) {
            try {
                Files.deleteIfExists(made.pop());
            } catch (IOException e) {
                // a folder that others have written to meanwhile stays, as do they
            }
        }
    }
}
