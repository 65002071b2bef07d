package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.Movie;
import java.util.Arrays;
import java.util.List;

/** A clip as one animated GIF. */
final class AnimatedGif implements Clip {

    private final TreeFile file;
    private int frames;

    AnimatedGif(TreeFile file) {
        this.file = file;
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public synchronized int frames() {
        if (frames == 0) {
            frames = all().size();
        }
        return frames;
    }

    @Override
    public List<Image> frames(int... positions) {
        List<Image> all = all();
        return Arrays.stream(positions).mapToObj(all::get).toList();
    }

    private List<Image> all() {
        return Movie.gif(file.bytes().get(), file.name());
    }

    @Override
    public long bytes() {
        return file.size();
    }

    @Override
    public long fingerprint() {
        return Fingerprint.of(file.bytes().get());
    }
}
