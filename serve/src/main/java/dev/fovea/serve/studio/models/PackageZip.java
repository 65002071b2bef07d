package dev.fovea.serve.studio.models;

import dev.fovea.io.AtomicFile;
import dev.fovea.run.SavedNet;
import java.io.IOException;
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
     * @throws IllegalArgumentException if the model is a file, which needs no archive
     */
    static void write(Path model, String name, Path file) {
        Path folder = SavedNet.folder(model);
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("%s: is one file already. Copy it".formatted(model.getFileName()));
        }
        AtomicFile.write(file, channel -> {
            var zip = new ZipOutputStream(Channels.newOutputStream(channel)); // the channel is closed by who opened it
            for (Path one : files(folder)) {
                zip.putNextEntry(new ZipEntry(
                        name + "/" + folder.relativize(one).toString().replace('\\', '/')));
                Files.copy(one, zip);
                zip.closeEntry();
            }
            zip.finish();
        });
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
