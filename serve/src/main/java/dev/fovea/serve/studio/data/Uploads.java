package dev.fovea.serve.studio.data;

import dev.fovea.data.ClassFolders;
import dev.fovea.data.DataException;
import dev.fovea.io.Escaped;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is being sent, until it is a data set or part of one. */
final class Uploads implements AutoCloseable {

    private static final int MOST = 8;

    /** A page that has sent nothing for so long is gone. */
    private static final Duration SILENCE = Duration.ofMinutes(15);

    private final Workspace workspace;
    private final Map<String, SentFiles> open = new LinkedHashMap<>();
    private final SecureRandom random = new SecureRandom();

    Uploads(Workspace workspace) {
        this.workspace = workspace;
        if (workspace.writable()) {
            SentFiles.discard(folder());
        }
    }

    private Path folder() {
        return workspace.root().resolve(".fovea").resolve("uploads");
    }

    /** Begins to take files; returns by which name. */
    synchronized String begin() throws IOException {
        workspace.checkWritable();
        for (String id : List.copyOf(open.keySet())) {
            if (open.get(id).touched().isBefore(Instant.now().minus(SILENCE))) {
                cancel(id);
            }
        }
        if (open.size() >= MOST) {
            throw Refusal.busy("%s uploads are under way already. Wait for one to end".formatted(MOST));
        }
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        workspace.own();
        open.put(id, new SentFiles(folder().resolve(id)));
        return id;
    }

    /** @throws Refusal if there is none of that name */
    synchronized SentFiles of(String id) {
        SentFiles files = open.get(id);
        if (files == null) {
            throw Refusal.notFound("there is no upload '%s' any more. Drop the files again".formatted(Escaped.of(id)));
        }
        return files;
    }

    /** Gives up; nothing is left. */
    synchronized void cancel(String id) {
        SentFiles files = open.remove(id);
        if (files != null) {
            files.discard();
        }
    }

    /**
     * Makes a data set of all that was sent.
     *
     * @param name that it should have; another number where there is such a one already
     * @return its path in the workspace
     * @throws DataException if it is none: then nothing is left of it
     */
    String finish(String id, String name) throws IOException {
        SentFiles files = of(id);
        SentFiles.checkName(name); // what was sent stays for another one
        try {
            if (files.count() == 0) {
                throw Refusal.wrong("nothing was sent. Drop images, a folder or an archive");
            }
            var archive = files.onlyArchive();
            Path from = archive.isPresent() ? archive.get() : files.top(name);
            workspace.checkData(from); // a list can name any file
            SentFiles.checkOpens(from, name);
            String ending =
                    archive.map(path -> ending(path.getFileName().toString())).orElse("");
            return workspace.relative(moved(from, name, ending));
        } finally {
            cancel(id);
        }
    }

    private static String ending(String file) {
        return file.toLowerCase(java.util.Locale.ROOT).endsWith(".tar.gz")
                ? ".tar.gz"
                : file.substring(file.lastIndexOf('.'));
    }

    private synchronized Path moved(Path from, String name, String ending) throws IOException {
        String bare =
                !ending.isEmpty() && name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : name;
        for (int number = 1; ; number++) {
            Path to = workspace.resolve(bare + (number == 1 ? "" : "-" + number) + ending);
            if (!Files.exists(to)) {
                return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /**
     * Adds all that was sent to the classes of a data set of class folders; files that are there stay as they are.
     *
     * @param data of class folders
     * @return how many images
     */
    int add(String id, Opened data) throws IOException {
        SentFiles files = of(id);
        try {
            Map<Path, Path> folders = classFolders(files, data);
            for (Map.Entry<Path, Path> one : folders.entrySet()) {
                move(
                        one.getKey(),
                        Files.createDirectories(one.getValue()),
                        one.getKey().getFileName().toString());
            }
            return folders.size();
        } finally {
            cancel(id);
        }
    }

    /** Where each file goes, found for all before the first is moved. */
    private static Map<Path, Path> classFolders(SentFiles files, Opened data) throws IOException {
        var folders = new LinkedHashMap<Path, Path>();
        try (Stream<Path> walk = Files.walk(files.folder())) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                Path inside = files.folder().relativize(file);
                if (inside.getNameCount() != 2) {
                    throw Refusal.wrong("'%s': expected CLASS/IMAGE".formatted(Escaped.of(inside.toString())));
                }
                folders.put(file, classFolder(data, inside.getName(0).toString()));
            }
        }
        return folders;
    }

    private static Path classFolder(Opened data, String label) {
        SentFiles.checkName(label);
        try {
            return ClassFolders.of(data.place(), data.splits().train(), label);
        } catch (DataException e) {
            throw new DataException(data.named(e.getMessage()));
        }
    }

    private static void move(Path file, Path folder, String name) throws IOException {
        int dot = name.lastIndexOf('.');
        for (int number = 1; ; number++) {
            String tried = number == 1 ? name : name.substring(0, dot) + "-" + number + name.substring(dot);
            if (!Files.exists(folder.resolve(tried))) {
                Files.move(file, folder.resolve(tried));
                return;
            }
        }
    }

    @Override
    public synchronized void close() {
        List.copyOf(open.keySet()).forEach(this::cancel);
    }
}
