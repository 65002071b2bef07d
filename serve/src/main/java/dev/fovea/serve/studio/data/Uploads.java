package dev.fovea.serve.studio.data;

import dev.fovea.data.ClassFolders;
import dev.fovea.data.DataException;
import dev.fovea.io.Escaped;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is being sent, until it is a data set or part of one. */
final class Uploads implements AutoCloseable {

    private static final int MOST = 8;

    /** A page that has sent nothing for so long is gone. */
    private static final Duration SILENCE = Duration.ofMinutes(15);

    private final Workspace workspace;
    private final OpenData data;
    private final Map<String, SentFiles> open = new LinkedHashMap<>();

    /** Those that are made a data set of, or part of one, at this moment. */
    private final Set<String> finishing = new HashSet<>();

    private final SecureRandom random = new SecureRandom();

    /** @param data that images are added to */
    Uploads(Workspace workspace, OpenData data) {
        this.workspace = workspace;
        this.data = data;
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
            if (!finishing.contains(id)
                    && open.get(id).touched().isBefore(Instant.now().minus(SILENCE))) {
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

    /**
     * Gives up; nothing is left.
     *
     * @throws Refusal if it is being finished: that is stopped as the job it is
     */
    synchronized void cancel(String id) {
        if (finishing.contains(id)) {
            throw Refusal.of(409, "finishing", "what was sent is being added. Stop that instead");
        }
        discard(id);
    }

    private synchronized void discard(String id) {
        SentFiles files = open.remove(id);
        if (files != null) {
            files.discard();
        }
    }

    /** What is done with all that was sent. */
    interface Finish<T> {
        T of(SentFiles files) throws IOException;
    }

    /** Nobody takes away what {@code work} reads; afterwards nothing is left of it but what it has moved away. */
    <T> T exclusively(String id, Finish<T> work) throws IOException {
        SentFiles files;
        synchronized (this) {
            files = of(id);
            if (!finishing.add(id)) {
                throw Refusal.of(409, "finishing", "what was sent is being added already");
            }
        }
        try {
            if (files.count() == 0) {
                throw Refusal.wrong("nothing was sent. Drop images, a folder or an archive");
            }
            return work.of(files);
        } finally {
            synchronized (this) {
                finishing.remove(id);
                discard(id);
            }
        }
    }

    /**
     * Makes a data set of all that was sent.
     *
     * @param name that it should have; another number where there is such a one already
     * @return its path in the workspace
     * @throws DataException if it is none: then nothing is left of it
     */
    String finish(String id, String name, Job job) throws IOException {
        return exclusively(id, files -> {
            var archive = files.onlyArchive();
            Path from = archive.isPresent() ? archive.get() : files.top(name);
            workspace.checkData(from); // a list can name any file
            job.checkStopped();
            SentFiles.checkOpens(from, name);
            job.checkStopped();
            String ending =
                    archive.map(path -> ending(path.getFileName().toString())).orElse("");
            return workspace.relative(moved(from, name, ending));
        });
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
     * @param into path of a data set of class folders
     * @return how many images
     */
    int add(String id, String into, Job job) throws IOException {
        return exclusively(id, files -> {
            Map<Path, Path> folders = classFolders(files, data.open(into));
            try (var added = new AddedFiles()) {
                int done = 0;
                for (Map.Entry<Path, Path> one : folders.entrySet()) {
                    job.progress(done++, folders.size());
                    added.move(one.getKey(), one.getValue());
                }
                added.keep();
            } finally {
                data.forget(into);
            }
            return folders.size();
        });
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

    @Override
    public synchronized void close() {
        List.copyOf(open.keySet()).forEach(this::discard);
    }
}
