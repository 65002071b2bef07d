package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Images kept in memory once they were read, as many as there is room for; the rest are read each time. Which are kept
 * does not change: where all are asked for in turn, dropping the oldest would keep none that is asked for again.
 */
final class Decoded implements DerivedDataset {

    private final Dataset data;
    private final AtomicReferenceArray<Image> images;

    private final AtomicLong room;

    /** @param room most bytes of images to keep */
    Decoded(Dataset data, long room) {
        this.data = data;
        this.room = new AtomicLong(room);
        images = new AtomicReferenceArray<>(data.size());
    }

    @Override
    public Dataset data() {
        return data;
    }

    @Override
    public int stratum(int index) {
        return data.stratum(index);
    }

    @Override
    public Image image(int index) {
        Image known = images.get(index);
        if (known != null) {
            return known;
        }
        Image read = data.image(index);
        int bytes = read.pixels().length;
        if (room.addAndGet(-bytes) < 0) {
            room.addAndGet(bytes);
        } else if (!images.compareAndSet(index, null, read)) {
            room.addAndGet(bytes); // another thread has read it too
        }
        return read;
    }

    @Override
    public List<Image> frames(int index, int... positions) {
        return clips() ? data.frames(index, positions) : Collections.nCopies(positions.length, image(index));
    }

    /** None: the image in memory is nearer than its file. */
    @Override
    public Optional<byte[]> encoded(int index) {
        return Optional.empty();
    }
}
