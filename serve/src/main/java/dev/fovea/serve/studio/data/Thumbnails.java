package dev.fovea.serve.studio.data;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small images of data sets as files, the latest of them kept in a bounded memory. */
public final class Thumbnails {

    /** Smaller images are shown pixel by pixel, and have to be true. */
    private static final int EXACT = 64;

    private static final int QUALITY = 85;
    private static final int LARGEST = 2048;
    private static final long KEPT_BYTES = 32L << 20;

    /** What an entry takes beside its bytes. */
    private static final int OVERHEAD = 200;

    private record Key(Opened.State data, String part, int index, int side, String version) {}

    /**
     * An image file.
     *
     * @param type as in HTTP
     */
    public record Coded(String type, byte[] bytes) {}

    private final Map<Key, Coded> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long held;

    /**
     * One image, its longer side at most {@code side} pixels.
     *
     * @throws dev.fovea.image.ImageException if it cannot be read
     * @throws DataException if there is no such image
     */
    public Coded of(Opened data, String part, int index, int side) {
        check(data, part, index, side);
        var key = new Key(data.state(), part, index, side, version(data, part, index));
        synchronized (kept) {
            Coded known = kept.get(key);
            if (known != null) {
                return known;
            }
        }
        Coded coded = coded(small(data.splits().part(part), index, side));
        keep(key, coded);
        return coded;
    }

    private static void check(Opened data, String part, int index, int side) {
        int count = data.splits().part(part).size();
        if (index < 0 || index >= count) {
            throw new DataException("%s: has %s images in its %s part, there is no image %s"
                    .formatted(data.path(), count, part, index));
        }
        if (side < 1 || side > LARGEST) {
            throw new IllegalArgumentException("size: expected 1 to %s pixels, got %s".formatted(LARGEST, side));
        }
    }

    private static Image small(Dataset images, int index, int side) {
        return images.encoded(index)
                .map(bytes -> Image.thumbnail(bytes, images.name(index), side))
                .orElseGet(() -> images.image(index).within(side));
    }

    /** As a file that browsers show. */
    public static Coded coded(Image image) {
        boolean exact = Math.max(image.width(), image.height()) <= EXACT;
        return exact
                ? new Coded("image/png", Image.png(image.toBufferedImage()))
                : new Coded("image/jpeg", image.jpegBytes(QUALITY));
    }

    private void keep(Key key, Coded coded) {
        synchronized (kept) {
            if (kept.put(key, coded) == null) {
                held += coded.bytes().length + OVERHEAD;
            }
            for (Iterator<Coded> oldest = kept.values().iterator(); held > KEPT_BYTES && oldest.hasNext(); ) {
                held -= oldest.next().bytes().length + OVERHEAD;
                oldest.remove();
            }
        }
    }

    /** By which a browser knows that an image is still the same. */
    public static String tag(Opened data, String part, int index, int side) {
        check(data, part, index, side);
        return Integer.toHexString(Math.abs(data.stamp().hashCode())) + "-" + part.charAt(0) + index + "-" + side + "-"
                + version(data, part, index);
    }

    /** Changes when the file of the image does; that of an archive changes with all the data. */
    private static String version(Opened data, String part, int index) {
        try {
            Path file = Path.of(data.splits().part(part).name(index));
            return data.builtIn() || data.archive()
                    ? "0"
                    : Long.toHexString(Files.getLastModifiedTime(file).toMillis());
        } catch (IOException | InvalidPathException e) {
            return "0"; // not a file of its own, or gone: who reads it says so
        }
    }

    long held() {
        synchronized (kept) {
            return held;
        }
    }
}
