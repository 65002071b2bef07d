package dev.fovea.run;

import dev.fovea.data.Dataset;
import dev.fovea.data.Target;
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
public record WatchedImages(Dataset all, ProgressWatch watch, AtomicInteger read, int of) implements Dataset {

    /** Each of which is read once. */
    public WatchedImages(Dataset all, ProgressWatch watch) {
        this(all, watch, new AtomicInteger(), all.size());
    }

    /** Other images that are read by the same work. */
    public WatchedImages with(Dataset more) {
        return new WatchedImages(more, watch, read, of);
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
    public Optional<Dataset> withObjects() {
        return all.withObjects().map(this::with);
    }

    @Override
    public int stratum(int index) {
        return all.stratum(index);
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
    public long bytes(int index) {
        return all.bytes(index);
    }

    @Override
    public long fingerprint(int index) {
        return all.fingerprint(index);
    }

    @Override
    public List<Image> frames(int index, int... positions) {
        tell();
        return all.frames(index, positions);
    }

    @Override
    public Image image(int index) {
        tell();
        return all.image(index);
    }

    private void tell() {
        watch.at(Math.min(of, read.getAndIncrement()), of);
    }
}
