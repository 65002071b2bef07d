package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.Movie;
import java.nio.file.Path;
import java.util.List;

/** A clip as a video file; its frames are counted once, by reading them, since headers may be wrong. */
final class Video implements Clip {

    private final Path file;
    private int frames;

    Video(Path file) {
        this.file = file;
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public synchronized int frames() {
        if (frames == 0) {
            frames = Movie.count(file);
        }
        return frames;
    }

    @Override
    public List<Image> frames(int... positions) {
        return Movie.frames(file, positions);
    }
}
