package dev.fovea.serve.studio.models;

import dev.fovea.io.AtomicFile;
import dev.fovea.io.ClosedFolder;
import dev.fovea.run.ProgressWatch;
import dev.fovea.run.SavedNet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A model package as one archive, to be carried elsewhere. */
final class PackageZip {

    private PackageZip() {}

    /**
     * Writes the package of a run or of its own folder; the archive holds one folder.
     *
     * @param name of the folder in it
     * @param watch in bytes; what it throws ends it, and leaves nothing
     * @throws IllegalArgumentException if the model is a file, which needs no archive
     */
    static void write(Path model, String name, Path file, ProgressWatch watch) {
        Path folder = SavedNet.folder(model);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("%s: is one file already. Copy it".formatted(model.getFileName()));
        }
        AtomicFile.write(file, channel -> {
            var zip = new ZipOutputStream(Channels.newOutputStream(channel)); // the channel is closed by who opened it
            List<Path> files = files(folder);
            long all = 0;
            for (Path one : files) {
                all += Files.size(one);
            }
            var copied = new Copied(watch, all);
            for (Path one : files) {
                zip.putNextEntry(new ZipEntry(
                        name + "/" + folder.relativize(one).toString().replace('\\', '/')));
                copied.add(one, zip);
                zip.closeEntry();
            }
            zip.finish();
        });
    }

    /** Copies files piece by piece, so that it can be followed and ended within a large one. */
    private static final class Copied {

        private static final int PIECE = 1 << 20;

        private final ProgressWatch watch;
        private final long all;
        private long done;

        Copied(ProgressWatch watch, long all) {
            this.watch = watch;
            this.all = all;
        }

        void add(Path file, OutputStream to) throws IOException {
            if (ClosedFolder.leadsOut(file)) {
                throw new IllegalArgumentException(
                        "%s: a link that leads out of the workspace. Put the file itself in its place"
                                .formatted(file.getFileName()));
            }
            try (InputStream from = Files.newInputStream(file)) {
                for (byte[] piece = from.readNBytes(PIECE); piece.length > 0; piece = from.readNBytes(PIECE)) {
                    watch.at(done, all);
                    to.write(piece);
                    done += piece.length;
                }
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
