package dev.fovea.serve.studio.data;

import dev.fovea.io.Escaped;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Storage;
import dev.fovea.serve.studio.Studio;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.node.ObjectNode;

/** Takes files that are dropped on the page, or photographed by it. */
final class UploadRoutes {

    private static final String PART = ".part";

    /** Opens the new file that what arrives is written to. */
    interface Disk {
        WritableByteChannel open(Path file) throws IOException;
    }

    private final Studio studio;
    private final Uploads uploads;
    private final Disk disk;

    /** Looks at one image after the other: each may take hundreds of megabytes while it is decoded. */
    private final ExecutorService looking = Executors.newSingleThreadExecutor(task -> {
        var thread = new Thread(task, "studio-uploads");
        thread.setDaemon(true);
        return thread;
    });

    UploadRoutes(Studio studio) {
        this(studio, file -> FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** @param disk that files are written to */
    UploadRoutes(Studio studio, Disk disk) {
        this.studio = studio;
        this.disk = disk;
        uploads = studio.closing(new Uploads(studio.workspace(), studio.data()));
        studio.closing((AutoCloseable) looking::shutdownNow);
    }

    List<Route> routes() {
        return List.of(
                Answers.post("/api/uploads", "Begins an upload", (call, body) -> Map.of("upload", uploads.begin())),
                upload(Route.upload("/api/upload", "Takes one file of an upload", this::take))
                        .with("path", "folders and name of the file, with slashes"),
                Answers.post(
                        "/api/uploads/finish", "Makes a data set of an upload, a job", (call, body) -> finish(body)),
                upload(Answers.delete("/api/uploads", "Gives an upload up", call -> {
                    uploads.cancel(query(call, "upload"));
                    return null;
                })));
    }

    private static Route upload(Route route) {
        return route.with("upload", "which upload");
    }

    private static String query(Call call, String name) {
        return call.query(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> Refusal.wrong(name + ": is missing from the address"));
    }

    private void take(Call call) {
        SentFiles files = uploads.of(query(call, "upload"));
        String path = query(call, "path");
        CompletableFuture<Object> coming = call.submit(
                        () -> opened(files, path, call.request().getLength()))
                .thenCompose(part -> call.saveBody(part.touching(files), SentFiles.LARGEST)
                        .whenComplete((bytes, failure) -> part.close(failure != null))
                        .<Object>thenApplyAsync(bytes -> kept(files, part, bytes), looking))
                .exceptionally(failure -> {
                    throw new CompletionException(reason(failure));
                });
        Answers.respond(call, coming);
    }

    /** A file that is not all there yet. */
    private record Part(Path part, Path place, WritableByteChannel channel) {

        /** A file that takes long is no silence. */
        WritableByteChannel touching(SentFiles files) {
            return new WritableByteChannel() {
                @Override
                public int write(ByteBuffer piece) throws IOException {
                    files.touch();
                    return channel.write(piece);
                }

                @Override
                public boolean isOpen() {
                    return channel.isOpen();
                }

                @Override
                public void close() throws IOException {
                    channel.close();
                }
            };
        }

        /** What did not arrive whole is removed. */
        void close(boolean failed) {
            try {
                channel.close();
                if (failed) {
                    Files.deleteIfExists(part);
                }
            } catch (IOException e) {
                // it is removed with all the rest when the upload ends
            }
        }
    }

    private Part opened(SentFiles files, String path, long length) {
        try {
            checkRoom(files, path, length);
            Path place = files.place(path);
            Path part = place.resolveSibling(place.getFileName().hashCode() + "-" + System.nanoTime() + PART);
            return new Part(part, place, disk.open(part));
        } catch (IOException e) {
            throw Storage.refusal(e);
        }
    }

    /**
     * @param length of the file, as far as it is said
     * @throws Refusal if the disk has no room for it
     */
    private static void checkRoom(SentFiles files, String path, long length) throws IOException {
        long free = Files.getFileStore(files.folder()).getUsableSpace();
        if (length > free) {
            throw Refusal.of(
                    507,
                    "disk-full",
                    "the disk is full: '%s' has %s kB, and %s kB are free. Free some space, then drop the files again; nothing of them was kept"
                            .formatted(Escaped.of(path), length / 1000, free / 1000));
        }
    }

    private static Object kept(SentFiles files, Part part, long bytes) {
        try {
            Files.move(part.part(), part.place(), StandardCopyOption.REPLACE_EXISTING);
            files.counted();
            return Map.of("bytes", bytes, "files", files.count(), "unreadable", !SentFiles.isSound(part.place()));
        } catch (IOException e) {
            throw Storage.refusal(e);
        }
    }

    private static Throwable reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof IOException io ? Storage.refusal(io) : cause;
    }

    /** Reading what was sent takes as long as it takes: an archive is gone through several times. */
    private Job finish(ObjectNode body) {
        String id = CorrectionRoutes.text(body, "upload");
        uploads.of(id); // who asks for one that is gone is told at once
        if (body.has("into")) {
            String into = CorrectionRoutes.text(body, "into");
            return studio.jobs().soon("upload", into, job -> finished(into, uploads.add(id, into, job)));
        }
        String name = CorrectionRoutes.text(body, "name");
        SentFiles.checkName(name); // what was sent stays for another one
        return studio.jobs().soon("upload", name, job -> finished(uploads.finish(id, name, job), 0));
    }

    private Map<String, Object> finished(String path, int added) {
        studio.events().send("data", Map.of("path", path));
        return Map.of("path", path, "added", added);
    }
}
