package dev.fovea.run;

import dev.fovea.data.Dataset;
import dev.fovea.data.DerivedDataset;
import dev.fovea.image.Image;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Images whose reading is watched, so that work which reads each of them can be followed and ended.
 *
 * @param read how many were read
 * @param of how many will be
 */
public record WatchedImages(Dataset data, ProgressWatch watch, AtomicInteger read, int of) implements DerivedDataset {

    /** Each of which is read once. */
    public WatchedImages(Dataset data, ProgressWatch watch) {
        this(data, watch, new AtomicInteger(), data.size());
    }

    /** Other images that are read by the same work. */
    public WatchedImages with(Dataset more) {
        return new WatchedImages(more, watch, read, of);
    }

    @Override
    public Optional<Dataset> withObjects() {
        return data.withObjects().map(this::with);
    }

    @Override
    public int stratum(int index) {
        return data.stratum(index);
    }

    /** None, so that every image is read and counted here. */
    @Override
    public Optional<byte[]> encoded(int index) {
        return Optional.empty();
    }

    @Override
    public List<Image> frames(int index, int... positions) {
        tell();
        return data.frames(index, positions);
    }

    @Override
    public Image image(int index) {
        tell();
        return data.image(index);
    }

    private void tell() {
        watch.at(Math.min(of, read.getAndIncrement()), of);
    }
}
