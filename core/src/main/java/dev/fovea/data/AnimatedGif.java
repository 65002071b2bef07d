package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.Movie;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** A clip as one animated GIF. */
final class AnimatedGif implements Footage {

    private final String name;
    private final Supplier<byte[]> bytes;
    private int frames;

    AnimatedGif(String name, Supplier<byte[]> bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    @Override
    public String name() {
        return name;
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
        return Movie.gif(bytes.get(), name);
    }

    @Override
    public long fingerprint() {
        return Fingerprint.of(bytes.get());
    }
}
