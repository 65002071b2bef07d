package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.List;

/** Images that are files, on disk or inside an archive. */
record ImageFiles(List<String> classes, List<Item> items) implements Dataset {

    /** One image file with its class. */
    record Item(TreeFile file, int label) {}

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public Target target(int index) {
        return new Target.Label(label(index));
    }

    @Override
    public int label(int index) {
        return items.get(index).label();
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
    public long fingerprint(int index) {
        return Fingerprint.of(items.get(index).file().bytes().get());
    }
}
