package dev.fovea.serve.studio.data;

import dev.fovea.data.Dataset;
import dev.fovea.serve.http.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Where new images of a class belong: beside those that are there. */
final class ClassFolders {

    private ClassFolders() {}

    /** @throws Refusal if the data has no class folders */
    static Path of(Opened data, String label) {
        SentFiles.checkName(label);
        Dataset images = data.splits().train();
        int wanted = images.classes().indexOf(label);
        OptionalInt known = IntStream.range(0, images.size())
                .filter(i -> images.label(i) == wanted)
                .findFirst();
        if (known.isPresent()) {
            return classFolder(data, images, known.getAsInt());
        }
        if (images.size() == 0) {
            throw notFolders(data);
        }
        Path beside = classFolder(data, images, 0);
        return beside.resolveSibling(label);
    }

    private static Path classFolder(Opened data, Dataset images, int index) {
        Path folder = Path.of(images.name(index)).toAbsolutePath().normalize().getParent();
        String label = images.classes().get(images.label(index));
        while (folder != null && folder.startsWith(data.place())) {
            if (folder.getFileName().toString().equals(label) && Files.isDirectory(folder)) {
                return folder;
            }
            folder = folder.getParent();
        }
        throw notFolders(data);
    }

    private static Refusal notFolders(Opened data) {
        return Refusal.wrong("%s: has no class folders, so no images can be added to it. Make a new data set of them"
                .formatted(data.path()));
    }
}
