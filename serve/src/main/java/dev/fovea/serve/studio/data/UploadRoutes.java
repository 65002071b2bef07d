package dev.fovea.serve.studio.data;

import dev.fovea.io.Escaped;
import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.http.Route;
import dev.fovea.serve.studio.Answers;
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
import tools.jackson.databind.node.ObjectNode;

/** Takes files that are dropped on the page, or photographed by it. */
final class UploadRoutes {

    private static final String PART = ".part";

    private final Studio studio;
    private final OpenData data;
    private final Uploads uploads;

    UploadRoutes(Studio studio, OpenData data) {
        this.studio = studio;
        this.data = data;
        uploads = studio.closing(new Uploads(studio.workspace()));
    }

    List<Route> routes() {
        return List.of(
                Answers.post("/api/uploads", "Begins an upload", (call, body) -> Map.of("upload", uploads.begin())),
                upload(Route.upload("/api/upload", "Takes one file of an upload", this::take))
                        .with("path", "folders and name of the file, with slashes"),
                Answers.post("/api/uploads/finish", "Makes a data set of an upload", (call, body) -> finish(body)),
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
                        .<Object>thenApply(bytes -> kept(files, part, bytes)))
                .exceptionally(failure -> {
                    throw new CompletionException(reason(failure));
                });
        Answers.respond(call, coming);
    }

    /** A file that is not all there yet. */
    private record Part(Path part, Path place, FileChannel channel) {

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

    private static Part opened(SentFiles files, String path, long length) {
        try {
            checkRoom(files, path, length);
            Path place = files.place(path);
            Path part = place.resolveSibling(place.getFileName().hashCode() + "-" + System.nanoTime() + PART);
            return new Part(
                    part, place, FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
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

    private Object finish(ObjectNode body) throws IOException {
        String id = CorrectionRoutes.text(body, "upload");
        String path;
        int added = 0;
        if (body.has("into")) {
            Opened opened = data.open(CorrectionRoutes.text(body, "into"));
            added = uploads.add(id, opened);
            path = opened.path();
            data.forget(path);
        } else {
            path = uploads.finish(id, CorrectionRoutes.text(body, "name"));
        }
        studio.events().send("data", Map.of("path", path));
        return Map.of("path", path, "added", added);
    }
}
