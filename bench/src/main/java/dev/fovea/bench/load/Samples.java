package dev.fovea.bench.load;

import dev.fovea.data.Shapes;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Images as files, with what the server answers about each of them when nothing else is asked, and bodies that are no images.
 *
 * @param expected the first label of each answer
 */
record Samples(List<byte[]> images, List<String> expected, List<byte[]> broken) {

    private static final Pattern LABEL = Pattern.compile("\"label\"\\s*:\\s*\"([^\"]*)\"");
    private static final int QUALITY = 90;
    private static final int READ_MILLIS = 60_000;

    /** Drawn shapes. */
    static Samples drawn(int count, int side) {
        var images = new ArrayList<byte[]>();
        var shapes = new Shapes(7, count, side);
        for (int i = 0; i < count; i++) {
            images.add(shapes.image(i).jpegBytes(QUALITY));
        }
        byte[] first = images.get(0);
        return new Samples(
                images,
                List.of(),
                List.of(
                        new byte[0],
                        "<!DOCTYPE html><title>no image</title>".getBytes(StandardCharsets.US_ASCII),
                        Arrays.copyOf(first, first.length / 3),
                        Arrays.copyOfRange(first, 20, first.length)));
    }

    /** Asks the server about each of them alone. */
    Samples asked(URI address) throws IOException {
        var labels = new ArrayList<String>();
        try (var connection = new HttpConnection(address, READ_MILLIS)) {
            for (byte[] image : images) {
                HttpConnection.Response response = connection.post(image);
                if (response.status() != 200) {
                    throw new IOException("%s: %s %s".formatted(address, response.status(), response.body()));
                }
                labels.add(label(response.body()));
            }
        }
        return new Samples(images, labels, broken);
    }

    static String label(String body) {
        Matcher found = LABEL.matcher(body);
        return found.find() ? found.group(1) : "";
    }
}
