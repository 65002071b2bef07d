package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.List;

/** The frames of one clip, read when asked for. */
public interface Clip {

    /** For messages. */
    String name();

    /** How many frames there are. */
    int frames();

    /** @throws dev.fovea.image.ImageException if one cannot be read */
    List<Image> frames(int... positions);

    /** How many bytes its files have, found without reading them; 0 where that is not known. */
    default long bytes() {
        return 0;
    }

    /** Equal to that of an identical clip, and of hardly any other. */
    default long fingerprint() {
        long mixed = 17;
        int[] all = java.util.stream.IntStream.range(0, frames()).toArray();
        for (Image frame : frames(all)) {
            mixed = mixed * 0x9E3779B97F4A7C15L + Fingerprint.of(frame.pixels());
        }
        return mixed;
    }
}
