package dev.fovea.serve.studio.models;

import dev.fovea.data.Dataset;
import dev.fovea.data.DerivedDataset;
import dev.fovea.image.Image;
import dev.fovea.serve.studio.Job;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Images whose reading is the progress of a job, and which are read no more once that is to stop.
 *
 * @param read how many were read
 * @param of how many will be
 */
record WatchedImages(Dataset data, Job job, AtomicInteger read, int of) implements DerivedDataset {

    WatchedImages(Dataset data, Job job) {
        this(data, job, new AtomicInteger(), data.size());
    }

    @Override
    public Image image(int index) {
        count();
        return data.image(index);
    }

    @Override
    public List<Image> frames(int index, int... positions) {
        count();
        return data.frames(index, positions);
    }

    /** None, so that every image is read and counted here. */
    @Override
    public Optional<byte[]> encoded(int index) {
        return Optional.empty();
    }

    private void count() {
        job.progress(Math.min(of, read.getAndIncrement()), of);
    }
}
