package dev.fovea.serve.http;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.image.Size;
import java.util.Optional;

/**
 * An image in a request: a file that is decoded when its turn comes, or pixels.
 *
 * @param name for messages and answers
 * @param bytes of the file; of no use where there are pixels
 * @param pixels none of a file
 */
record SentImage(String name, byte[] bytes, Optional<Image> pixels) {

    SentImage(String name, byte[] bytes) {
        this(name, bytes, Optional.empty());
    }

    SentImage(String name, Image pixels) {
        this(name, new byte[0], Optional.of(pixels));
    }

    /** Bytes of memory that a pixel takes while a file is decoded, and afterwards. */
    private static final int DECODING = 6;

    private static final int DECODED = 3;

    /**
     * The image, whose pixels count as held by the request until it is answered.
     *
     * @throws dev.fovea.image.ImageException if it is none, or too large
     */
    Image decoded(Call call) {
        if (pixels.isPresent()) {
            call.memory().add(pixels.get().pixels().length);
            return pixels.get();
        }
        long most = call.shared().settings().limits().pixels();
        long said = pixelsSaid();
        long count = said > most ? 0 : said; // decoding refuses what is more
        return call.memory().during((DECODING - DECODED) * count, () -> {
            call.memory().add(DECODED * count);
            long begin = System.nanoTime();
            Image image = Image.decode(bytes, name, most);
            call.shared().log().decoded((System.nanoTime() - begin) / 1e9);
            call.memory().add(image.pixels().length - DECODED * count);
            return image;
        });
    }

    /** As the header of a JPEG or PNG says; 0 where decoding alone finds out. */
    private long pixelsSaid() {
        boolean said = bytes.length > 2
                && ((bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xD8)
                        || (bytes[0] == (byte) 0x89 && bytes[1] == 'P'));
        if (!said) {
            return 0;
        }
        try {
            Size size = Image.size(bytes, name);
            return (long) size.width() * size.height();
        } catch (ImageException e) {
            return 0;
        }
    }
}
