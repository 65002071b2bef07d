package dev.fovea.data;

import dev.fovea.image.Size;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/** One of COCO's files, read piece by piece: only what is used of it is kept. */
final class CocoJson {

    /**
     * An image as it is listed.
     *
     * @param part that it says it belongs to; empty where it says none, as in COCO's own files
     */
    record Listed(long id, String fileName, Optional<Size> size, String part) {}

    /** A class, with the names of its keypoints. */
    record Category(long id, String name, List<String> keypoints) {}

    /**
     * An object as it is written.
     *
     * @param box left, top, width and height; none where they are not all there
     * @param keypoints x, y and visibility by turns
     */
    record Entry(
            long id,
            long image,
            long category,
            double[] box,
            boolean crowd,
            CocoSegmentation segmentation,
            double[] keypoints) {}

    /** Number of what has none. */
    static final long NONE = Long.MIN_VALUE;

    private static final JsonFactory JSON = new JsonFactory();

    private final TreeFile file;
    private final boolean masks;
    private final List<Listed> images = new ArrayList<>();
    private final List<Category> categories = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();

    private CocoJson(TreeFile file, boolean masks) {
        this.file = file;
        this.masks = masks;
    }

    /**
     * Reads a file.
     *
     * @param masks whether segmentations are kept
     * @throws DataException if it is no JSON, or not of that form
     */
    static CocoJson of(TreeFile file, boolean masks) {
        var json = new CocoJson(file, masks);
        try (InputStream in = file.stream().get();
                JsonParser parser = JSON.createParser(tools.jackson.core.ObjectReadContext.empty(), in)) {
            json.read(parser);
        } catch (JacksonException e) {
            String line = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
            throw new DataException("%s%s: not well-formed JSON, or cut off. Expected COCO's form: restore the file"
                    .formatted(file.name(), line));
        } catch (IOException e) {
            throw new DataException("%s: cannot be read (%s)".formatted(file.name(), Reason.of(e)));
        }
        return json;
    }

    List<Listed> images() {
        return images;
    }

    List<Category> categories() {
        return categories;
    }

    List<Entry> entries() {
        return entries;
    }

    private void read(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw fault(parser, "expected an object with images, annotations and categories, as COCO has it");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            boolean known = List.of("images", "annotations", "categories").contains(name);
            if (known && value != JsonToken.START_ARRAY) {
                throw fault(parser, "'%s' is no list. Expected one, as COCO has it".formatted(name));
            }
            if (!known) {
                parser.skipChildren();
                continue;
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw fault(parser, "'%s' holds something that is no object".formatted(name));
                }
                switch (name) {
                    case "images" -> image(parser);
                    case "categories" -> category(parser);
                    default -> annotation(parser);
                }
            }
        }
    }

    private void image(JsonParser parser) {
        long id = NONE;
        String fileName = "";
        String part = "";
        double width = 0;
        double height = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "id" -> id = number(parser, "an image's id");
                case "file_name" ->
                    fileName = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : "";
                case CocoWriter.PART ->
                    part = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : "";
                case "width" -> width = real(parser);
                case "height" -> height = real(parser);
                default -> parser.skipChildren();
            }
        }
        if (id == NONE || fileName.isEmpty()) {
            throw fault(parser, "an image without id or file_name. Expected both");
        }
        boolean sized = width >= 1 && height >= 1 && width <= Integer.MAX_VALUE && height <= Integer.MAX_VALUE;
        images.add(new Listed(
                id, fileName, sized ? Optional.of(new Size((int) height, (int) width)) : Optional.empty(), part));
    }

    private void category(JsonParser parser) {
        long id = NONE;
        String title = "";
        List<String> keypoints = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("id")) {
                id = number(parser, "a category's id");
            } else if (name.equals("name") && value.isScalarValue()) {
                title = parser.getString();
            } else if (name.equals("keypoints") && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.VALUE_STRING) {
                    keypoints.add(parser.getString());
                }
            } else {
                parser.skipChildren();
            }
        }
        if (id == NONE || title.isEmpty()) {
            throw fault(parser, "a category without id or name. Expected both");
        }
        categories.add(new Category(id, title, keypoints));
    }

    private void annotation(JsonParser parser) {
        long id = entries.size() + 1L;
        long image = NONE;
        long category = NONE;
        double[] box = {};
        double[] keypoints = {};
        boolean crowd = false;
        CocoSegmentation segmentation = CocoSegmentation.NONE;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "id" -> id = number(parser, "an annotation's id");
                case "image_id" -> image = number(parser, "image_id");
                case "category_id" -> category = number(parser, "category_id");
                case "bbox" -> box = numbers(parser);
                case "keypoints" -> keypoints = numbers(parser);
                case "iscrowd" -> crowd = real(parser) == 1;
                case "segmentation" -> {
                    if (masks) {
                        segmentation = CocoSegmentation.of(parser);
                    } else {
                        parser.skipChildren();
                    }
                }
                default -> parser.skipChildren();
            }
        }
        entries.add(new Entry(id, image, category, box, crowd, segmentation, keypoints));
    }

    private long number(JsonParser parser, String what) {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        if (parser.currentToken() == JsonToken.VALUE_STRING
                && parser.getString().matches("-?\\d{1,18}")) {
            return Long.parseLong(parser.getString());
        }
        throw fault(
                parser,
                "%s is %s. Expected a whole number"
                        .formatted(
                                what, parser.currentToken().isScalarValue() ? "'" + parser.getString() + "'" : "none"));
    }

    /** NaN of what is none: whoever uses it says so. */
    static double real(JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_STRING -> BoxChecks.parsed(parser.getString()).orElse(Double.NaN);
            case VALUE_TRUE -> 1;
            case VALUE_FALSE -> 0;
            default -> {
                parser.skipChildren();
                yield Double.NaN;
            }
        };
    }

    /** Those of a list; none where there is no list. */
    static double[] numbers(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return new double[0];
        }
        double[] numbers = new double[8];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            numbers = count == numbers.length ? Arrays.copyOf(numbers, 2 * count) : numbers;
            numbers[count++] = real(parser);
        }
        return Arrays.copyOf(numbers, count);
    }

    private DataException fault(JsonParser parser, String what) {
        return new DataException(
                "%s:%s: %s".formatted(file.name(), parser.currentTokenLocation().getLineNr(), what));
    }
}
