package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** How the pixels of mask files say classes. */
sealed interface MaskCode {

    /** Files whose numbers may have more than 8 bits or another scale. */
    List<String> SCALED = List.of(".tif", ".tiff", ".pgm", ".ppm", ".pnm", ".pbm");

    /** Names of the classes. */
    List<String> classes();

    /**
     * The classes of a mask's pixels, one byte each.
     *
     * @throws DataException if a pixel says none
     */
    Mask read(TreeFile file);

    /** With a first class for what belongs to no other. */
    static List<String> withBackground(List<String> objects) {
        var all = new ArrayList<String>(List.of(objects.contains("background") ? "no object" : "background"));
        all.addAll(objects);
        return List.copyOf(all);
    }

    /**
     * A number for each pixel, as a palette's or of grey.
     *
     * @param labels the class of each number, {@link Target#IGNORED} of one that says nothing, as 255 does
     */
    record Numbers(List<String> classes, List<Integer> labels) implements MaskCode {

        /** Each number the class in that place. */
        static Numbers inOrder(List<String> classes) {
            return new Numbers(
                    classes, IntStream.range(0, classes.size()).boxed().toList());
        }

        @Override
        public Mask read(TreeFile file) {
            Image stored = numbers(file);
            byte[] values = stored.pixels();
            for (int i = 0; i < values.length; i++) {
                int value = values[i] & 0xFF;
                if (value < labels.size()) {
                    values[i] = (byte) (int) labels.get(value);
                } else if (value != Target.IGNORED) {
                    throw new DataException(
                            "%s: its pixel %s,%s is %s, there are %s classes, from 0 (255 is not labelled). Correct it, or name the classes in classes.txt"
                                    .formatted(
                                            file.name(),
                                            i % stored.width(),
                                            i / stored.width(),
                                            value,
                                            classes.size()));
                }
            }
            return new Mask(stored.size(), values);
        }
    }

    /**
     * A colour for each class.
     *
     * @param byColour class by red, green and blue, {@link Target#IGNORED} of what says nothing
     */
    record Colours(List<String> classes, Map<Integer, Integer> byColour) implements MaskCode {

        @Override
        public Mask read(TreeFile file) {
            Image image = Image.opaque(file.bytes().get(), file.name());
            byte[] rgb = image.pixels();
            byte[] values = new byte[rgb.length / 3];
            int before = -1;
            int label = 0;
            for (int i = 0; i < values.length; i++) {
                int colour = (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF;
                if (colour != before) { // most pixels have the colour of the one before
                    label = byColour.getOrDefault(colour, -1);
                    before = colour;
                }
                if (label < 0) {
                    throw new DataException(
                            "%s: its pixel %s,%s has the colour %s, which no class has. Correct it, or add the colour to the class file"
                                    .formatted(
                                            file.name(),
                                            i % image.width(),
                                            i / image.width(),
                                            (colour >> 16) + "," + (colour >> 8 & 0xFF) + "," + (colour & 0xFF)));
                }
                values[i] = (byte) label;
            }
            return new Mask(image.size(), values);
        }

        /** Whether this mask is such a one. */
        boolean fits(TreeFile file) {
            try {
                read(file);
                return true;
            } catch (DataException e) {
                return false;
            }
        }
    }

    /** White, or anything that is not 0, for the only class, and black for the background. */
    record Binary(List<String> classes) implements MaskCode {

        private static final int GREY = 127;
        private static final int NEAR = 24;

        @Override
        public Mask read(TreeFile file) {
            boolean exact = exact(file);
            Image grey = exact
                    ? numbers(file)
                    : Image.decode(file.bytes().get(), file.name()).toGray();
            byte[] values = new byte[grey.pixels().length];
            int between = 0;
            for (int i = 0; i < values.length; i++) {
                int value = grey.pixels()[i] & 0xFF;
                values[i] = (byte) (exact ? value == 0 ? 0 : 1 : value > GREY ? 1 : 0);
                between += value > NEAR && value < 255 - NEAR ? 1 : 0;
            }
            if (!exact && between > values.length / 20) {
                throw new DataException(
                        "%s: a JPEG that is not black and white, whose numbers cannot be trusted. Write masks as PNG"
                                .formatted(file.name()));
            }
            return new Mask(grey.size(), values);
        }
    }

    /** Whether the numbers of a file are those that were written; JPEG and WebP change them. */
    static boolean exact(TreeFile file) {
        byte[] bytes = file.bytes().get();
        boolean jpeg = bytes.length > 1 && (bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0xFF) == 0xD8;
        boolean riff = bytes.length > 3 && bytes[0] == 'R' && bytes[1] == 'I' && bytes[2] == 'F' && bytes[3] == 'F';
        return !jpeg && !riff;
    }

    /**
     * The numbers of a mask, one channel.
     *
     * @throws DataException if it has colours and these differ from grey, or a form that does not keep numbers of 8 bits
     */
    static Image numbers(TreeFile file) {
        byte[] bytes = file.bytes().get();
        String lower = file.fileName().toLowerCase(Locale.ROOT);
        if (!exact(file) || SCALED.stream().anyMatch(lower::endsWith)) {
            throw new DataException("%s: a form that need not keep the numbers of a mask. Write masks as PNG of 8 bits"
                    .formatted(file.name()));
        }
        try {
            Image stored = Image.indices(bytes, file.name());
            return new Image(stored.width(), stored.height(), 1, stored.pixels().clone());
        } catch (ImageException e) {
            if (e.getMessage().contains("16 bits")) {
                throw new DataException(e.getMessage());
            }
            return grey(Image.opaque(bytes, file.name()), file.name());
        }
    }

    /** Whether {@link #numbers} reads it. */
    static boolean isNumbers(TreeFile file) {
        try {
            numbers(file);
            return true;
        } catch (DataException e) {
            return false;
        }
    }

    private static Image grey(Image image, String name) {
        byte[] rgb = image.pixels();
        byte[] values = new byte[rgb.length / 3];
        for (int i = 0; i < values.length; i++) {
            if (rgb[3 * i] != rgb[3 * i + 1] || rgb[3 * i] != rgb[3 * i + 2]) {
                throw new DataException(
                        "%s: a mask in colours, and nothing says which class each is. Expected a file classes.csv with lines of name,red,green,blue beside the folders, or a mask with a number for each pixel"
                                .formatted(name));
            }
            values[i] = rgb[3 * i];
        }
        return new Image(image.width(), image.height(), 1, values);
    }

    /** How many pixels of masks have each number, 0 to 255. */
    static long[] histogram(Image numbers) {
        long[] counts = new long[256];
        for (byte value : numbers.pixels()) {
            counts[value & 0xFF]++;
        }
        return counts;
    }

    /** Whether all numbers that occur are among these. */
    static boolean only(long[] histogram, int... numbers) {
        long all = Arrays.stream(histogram).sum();
        return Arrays.stream(numbers).mapToLong(number -> histogram[number]).sum() == all;
    }
}
