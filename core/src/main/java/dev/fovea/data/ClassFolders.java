package dev.fovea.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Where new images of a class belong: beside those that are there. */
public final class ClassFolders {

    private ClassFolders() {}

    /**
     * The folder in which the images of a class lie; of a new class, one beside those of others, which is not there yet.
     *
     * @param place the folder of the data
     * @param images its training part
     * @throws DataException if it has no class folders
     */
    public static Path of(Path place, Dataset images, String label) {
        int wanted = images.classes().indexOf(label);
        OptionalInt known = IntStream.range(0, images.size())
                .filter(i -> images.label(i) == wanted)
                .findFirst();
        if (known.isPresent()) {
            return folder(place, images, known.getAsInt());
        }
        if (images.size() == 0) {
            throw none(place);
        }
        return folder(place, images, 0).resolveSibling(label);
    }

    private static Path folder(Path place, Dataset images, int index) {
        Path folder = Path.of(images.name(index)).toAbsolutePath().normalize().getParent();
        String label = images.classes().get(images.label(index));
        while (folder != null && folder.startsWith(place)) {
            if (folder.getFileName().toString().equals(label) && Files.isDirectory(folder)) {
                return folder;
            }
            folder = folder.getParent();
        }
        throw none(place);
    }

    private static DataException none(Path place) {
        return new DataException(
                place + ": has no class folders, so no images can be added to it. Make a new data set of them");
    }
}
