package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.List;
import java.util.Optional;

/** Images that are files, on disk or inside an archive. */
record ImageFiles(List<String> classes, List<Item> items) implements Dataset {

    /** One image file with what is to be learned of it. */
    record Item(TreeFile file, Target target) {

        /** With its class. */
        Item(TreeFile file, int label) {
            this(file, new Target.Label(label));
        }
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public Target target(int index) {
        return items.get(index).target();
    }

    @Override
    public String name(int index) {
        return items.get(index).file().name();
    }

    @Override
    public Image image(int index) {
        TreeFile file = items.get(index).file();
        return Image.decode(file.bytes().get(), file.name());
    }

    @Override
    public long bytes(int index) {
        return items.get(index).file().size();
    }

    @Override
    public Optional<byte[]> encoded(int index) {
        return Optional.of(items.get(index).file().bytes().get());
    }

    @Override
    public long fingerprint(int index) {
        return Fingerprint.of(items.get(index).file().bytes().get());
    }
}
