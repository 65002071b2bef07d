package dev.fovea.serve.http;

import dev.fovea.image.Image;
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

    /**
     * The image, whose pixels count as held by the request until it is answered.
     *
     * @throws dev.fovea.image.ImageException if it is none, or too large
     */
    Image decoded(Call call) {
        long begin = System.nanoTime();
        Image image = pixels.orElseGet(() ->
                Image.decode(bytes, name, call.shared().settings().limits().pixels()));
        call.shared().log().decoded((System.nanoTime() - begin) / 1e9);
        call.memory().add(image.pixels().length);
        return image;
    }
}
