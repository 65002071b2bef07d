package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Pictures kept in memory once they were read. */
final class Decoded implements Dataset {

    private final Dataset all;
    private final AtomicReferenceArray<Image> images;

    Decoded(Dataset all) {
        this.all = all;
        images = new AtomicReferenceArray<>(all.size());
    }

    @Override
    public List<String> classes() {
        return all.classes();
    }

    @Override
    public int size() {
        return all.size();
    }

    @Override
    public int label(int index) {
        return all.label(index);
    }

    @Override
    public String name(int index) {
        return all.name(index);
    }

    @Override
    public Image image(int index) {
        Image known = images.get(index);
        if (known != null) {
            return known;
        }
        Image read = all.image(index);
        images.set(index, read);
        return read;
    }

    @Override
    public boolean clips() {
        return all.clips();
    }

    @Override
    public int frames(int index) {
        return all.frames(index);
    }

    @Override
    public List<Image> frames(int index, int... positions) {
        return all.clips() ? all.frames(index, positions) : Dataset.super.frames(index, positions);
    }

    @Override
    public void check(int index) {
        all.check(index);
    }

    @Override
    public long fingerprint(int index) {
        return all.fingerprint(index);
    }
}
