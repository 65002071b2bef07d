package dev.fovea.serve.studio.models;

import dev.fovea.data.Dataset;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.serve.studio.Job;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Images whose reading is the progress of a job, and which are read no more once that is to stop.
 *
 * @param read how many were read
 * @param of how many will be
 */
record WatchedImages(Dataset all, Job job, AtomicInteger read, int of) implements Dataset {

    WatchedImages(Dataset all, Job job) {
        this(all, job, new AtomicInteger(), all.size());
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
    public String name(int index) {
        return all.name(index);
    }

    @Override
    public Image image(int index) {
        job.progress(Math.min(of, read.getAndIncrement()), of);
        return all.image(index);
    }
}
