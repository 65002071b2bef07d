package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Images kept in memory once they were read, as many as there is room for; the rest are read each time. Which are kept
 * does not change: where all are asked for in turn, dropping the oldest would keep none that is asked for again.
 */
final class Decoded implements Dataset {

    private final Dataset all;
    private final AtomicReferenceArray<Image> images;

    private final AtomicLong room;

    /** @param room most bytes of images to keep */
    Decoded(Dataset all, long room) {
        this.all = all;
        this.room = new AtomicLong(room);
        images = new AtomicReferenceArray<>(all.size());
    }

    /** What is kept. */
    Dataset all() {
        return all;
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
    public Target target(int index) {
        return all.target(index);
    }

    @Override
    public int label(int index) {
        return all.label(index);
    }

    @Override
    public int stratum(int index) {
        return all.stratum(index);
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
        int bytes = read.pixels().length;
        if (room.addAndGet(-bytes) < 0) {
            room.addAndGet(bytes);
        } else if (!images.compareAndSet(index, null, read)) {
            room.addAndGet(bytes); // another thread has read it too
        }
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
    public long bytes(int index) {
        return all.bytes(index);
    }

    @Override
    public long fingerprint(int index) {
        return all.fingerprint(index);
    }
}
