package dev.fovea.serve.studio.data;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.run.ImagePlaces.Place;
import dev.fovea.serve.http.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A row of a contact sheet as one image: a hundred small images are ten requests instead of a hundred. */
final class Strips {

    private static final int MOST = 80;
    private static final int LARGEST_CELL = 512;
    private static final int QUALITY = 82;

    /** Images of so few pixels are enlarged pixel by pixel, others smoothly. */
    private static final int FEW = 64;

    private static final Pattern RUN = Pattern.compile("(train|validation|test):(\\d{1,9})(?:-(\\d{1,9}))?");

    /**
     * Which images, how large, on which colour.
     *
     * @param cell pixels of a side of the square in which each image lies
     * @param ground red, green, blue in one number
     */
    record Request(List<Place> places, int cell, int ground) {}

    private Strips() {}

    /**
     * The images of a row.
     *
     * @param text such as {@code train:0-11,test:3}
     * @throws Refusal if it is none, or there are too many
     */
    static List<Place> places(String text) {
        var places = new ArrayList<Place>();
        for (String run : text.split(",")) {
            Matcher matcher = RUN.matcher(run);
            if (!matcher.matches()) {
                throw Refusal.wrong("of: expected images such as train:0-11,test:3, got '%s'"
                        .formatted(dev.fovea.io.Escaped.of(run)));
            }
            int from = Integer.parseInt(matcher.group(2));
            int to = matcher.group(3) == null ? from : Integer.parseInt(matcher.group(3));
            if (to < from || to - from >= MOST || places.size() + to - from >= MOST) {
                throw Refusal.wrong("of: at most %s images in a row, in rising order".formatted(MOST));
            }
            for (int i = from; i <= to; i++) {
                places.add(new Place(matcher.group(1), i));
            }
        }
        return places;
    }

    /** @throws Refusal if the cell is too large or the colour none */
    static Request request(String of, int cell, String ground) {
        if (cell < 16 || cell > LARGEST_CELL) {
            throw Refusal.wrong("cell: expected 16 to %s pixels, got %s".formatted(LARGEST_CELL, cell));
        }
        if (!ground.matches("[0-9a-fA-F]{6}")) {
            throw Refusal.wrong("ground: expected a colour such as ffffff");
        }
        return new Request(places(of), cell, Integer.parseInt(ground, 16));
    }

    /** The row as a JPEG file; an image that cannot be read is a crossed square. */
    static byte[] jpeg(Opened data, Request request) {
        int cell = request.cell();
        int width = cell * request.places().size();
        byte[] pixels = new byte[width * cell * 3];
        for (int i = 0; i < pixels.length; i += 3) {
            pixels[i] = (byte) (request.ground() >> 16);
            pixels[i + 1] = (byte) (request.ground() >> 8);
            pixels[i + 2] = (byte) request.ground();
        }
        for (int i = 0; i < request.places().size(); i++) {
            Place place = request.places().get(i);
            Dataset images = data.splits().part(place.part());
            if (place.index() >= images.size()) {
                throw new DataException("%s: has %s images in its %s part, there is no image %s"
                        .formatted(data.path(), images.size(), place.part(), place.index()));
            }
            try {
                put(fitted(images, place.index(), cell), pixels, width, i * cell, cell);
            } catch (ImageException | DataException e) {
                cross(pixels, width, i * cell, cell);
            }
        }
        return new Image(width, cell, 3, pixels).jpegBytes(QUALITY);
    }

    private static Image fitted(Dataset images, int index, int cell) {
        Image image = images.encoded(index)
                .map(bytes -> Image.thumbnail(bytes, images.name(index), cell))
                .orElseGet(() -> images.image(index).within(cell));
        int longer = Math.max(image.width(), image.height());
        if (longer < cell) {
            double scale = longer <= FEW ? Math.max(1, cell / longer) : (double) cell / longer;
            image = image.resize(
                    Math.max(1, (int) Math.round(image.width() * scale)),
                    Math.max(1, (int) Math.round(image.height() * scale)),
                    longer <= FEW ? Filter.NEAREST : Filter.BILINEAR);
        }
        return image.toRgb();
    }

    private static void put(Image image, byte[] to, int width, int left, int cell) {
        int x = left + (cell - image.width()) / 2;
        int y = (cell - image.height()) / 2;
        for (int row = 0; row < image.height(); row++) {
            System.arraycopy(
                    image.pixels(), row * image.width() * 3, to, ((y + row) * width + x) * 3, image.width() * 3);
        }
    }

    private static void cross(byte[] to, int width, int left, int cell) {
        for (int i = cell / 4; i < cell * 3 / 4; i++) {
            for (int x : new int[] {i, cell - 1 - i}) {
                int at = (i * width + left + x) * 3;
                Arrays.fill(to, at, at + 3, (byte) 0x90);
            }
        }
    }
}
