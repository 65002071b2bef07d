package dev.fovea.data;

import java.nio.file.Files;
import java.nio.file.Path;

/** A folder with one folder of images per class. */
public final class Folder {

    private Folder() {}

    /**
     * The images of all class folders below {@code path}.
     *
     * @throws DataException if there is no such folder or no image in it
     */
    public static Dataset of(Path path) {
        if (!Files.isDirectory(path)) {
            throw new DataException(path + ": no such folder. Expected one folder per class");
        }
        Splits splits = Layout.read(Tree.of(path), Data.Options.of().withContent(Data.Content.IMAGES));
        if (splits.validation().size() + splits.test().size() > 0) {
            throw new DataException(
                    path + ": has folders for parts (train, test). Use Data.open, which keeps them apart");
        }
        return splits.train();
    }
}
