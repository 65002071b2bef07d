package dev.fovea.serve.studio;

import dev.fovea.data.Box;
import dev.fovea.data.Dataset;
import dev.fovea.data.MovingShapes;
import dev.fovea.data.ShapeScenes;
import dev.fovea.data.Shapes;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Drawn images in the forms that data comes in.
 *
 * @param classes what the ten shapes are called
 * @param named what a file is called that would have this name
 */
record DrawnData(List<String> classes, UnaryOperator<String> named) {

    /** With the names that the shapes have. */
    static final DrawnData PLAIN = new DrawnData(new Shapes(1, 1, 16).classes(), UnaryOperator.identity());

    /** A folder for each class. */
    Path classFolders(Path folder, int count) throws IOException {
        var images = new Shapes(7, count, 32);
        for (int i = 0; i < count; i++) {
            Path own = Files.createDirectories(folder.resolve(classes.get(images.label(i))));
            Image.write(own.resolve(file("shape", i)), images.image(i));
        }
        return folder;
    }

    /** One folder, without labels. */
    Path images(Path folder, int count) throws IOException {
        write(Files.createDirectories(folder), new Shapes(8, count, 32), "image");
        return folder;
    }

    /** Boxes, as COCO writes them. */
    Path boxes(Path folder, int count) throws IOException {
        Dataset images = new Shapes(9, count, 48).withObjects().orElseThrow();
        write(Files.createDirectories(folder), images, "scene");
        var files = new ArrayList<Map<String, Object>>();
        var objects = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < count; i++) {
            files.add(Map.of("id", i, "file_name", file("scene", i), "width", 48, "height", 48));
            var found = (Target.Objects) images.target(i);
            for (int k = 0; k < found.boxes().size(); k++) {
                Box box = found.boxes().get(k);
                objects.add(Map.of(
                        "id",
                        objects.size() + 1,
                        "image_id",
                        i,
                        "category_id",
                        found.labels()[k] + 1,
                        "bbox",
                        List.of(box.left(), box.top(), box.right() - box.left(), box.bottom() - box.top())));
            }
        }
        List<Map<String, Object>> named = IntStream.range(0, classes.size())
                .mapToObj(c -> Map.<String, Object>of("id", c + 1, "name", classes.get(c)))
                .toList();
        byte[] json = new JsonMapper()
                .writeValueAsBytes(Map.of("images", files, "annotations", objects, "categories", named));
        Files.write(folder.resolve("_annotations.coco.json"), json);
        return folder;
    }

    /** The class of every pixel, in grey masks beside the images. */
    Path masks(Path folder, int count) throws IOException {
        Dataset images = new Shapes(10, count, 32, Shapes.Annotation.PIXEL_LABELS);
        write(Files.createDirectories(folder.resolve("images")), images, "mask");
        Path masks = Files.createDirectories(folder.resolve("masks"));
        for (int i = 0; i < count; i++) {
            byte[] values = ((Target.PixelLabels) images.target(i)).classes().values();
            Image.write(masks.resolve(file("mask", i)), new Image(32, 32, 1, values));
        }
        Files.writeString(folder.resolve("classes.txt"), "background\n" + String.join("\n", classes) + "\n");
        return folder;
    }

    /** Several labels an image, in a list. */
    Path labels(Path folder, int count) throws IOException {
        var images = new ShapeScenes(11, count, 32, new TargetKind.SeveralLabels(false));
        return listed(folder, images, List.of("labels"), i -> {
            boolean[] there = ((Target.Labels) images.target(i)).present();
            return List.of(IntStream.range(0, there.length)
                    .filter(c -> there[c])
                    .mapToObj(classes::get)
                    .collect(Collectors.joining("|")));
        });
    }

    /** The names of the columns of {@link #numbers}. */
    List<String> columns() {
        return List.of(named.apply("count"), named.apply("area"));
    }

    /** Two numbers an image, in a list. */
    Path numbers(Path folder, int count) throws IOException {
        var images = new ShapeScenes(12, count, 32, new TargetKind.Numbers(List.of("count", "area")));
        return listed(folder, images, columns(), i -> {
            float[] numbers = ((Target.Values) images.target(i)).numbers();
            return List.of(String.valueOf(numbers[0]), String.valueOf(numbers[1]));
        });
    }

    /** Clips of numbered images, a folder for each class. */
    Path clips(Path folder, int count) throws IOException {
        var clips = new MovingShapes(13, count, 32, 4);
        for (int i = 0; i < count; i++) {
            Path own = folder.resolve(classes.get(clips.label(i))).resolve(named.apply("clip-" + i));
            Files.createDirectories(own);
            for (int frame = 0; frame < 4; frame++) {
                Image.write(own.resolve(frame + ".png"), clips.frames(i, frame).get(0));
            }
        }
        return folder;
    }

    private Path listed(Path folder, Dataset images, List<String> columns, IntFunction<List<String>> cells)
            throws IOException {
        write(Files.createDirectories(folder), images, "photo");
        var lines = new ArrayList<String>(List.of(line("path", columns)));
        for (int i = 0; i < images.size(); i++) {
            lines.add(line(file("photo", i), cells.apply(i)));
        }
        return Files.write(folder.resolve("list.csv"), lines);
    }

    private static String line(String first, List<String> others) {
        return Stream.concat(Stream.of(first), others.stream())
                .map(cell -> '"' + cell.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(","));
    }

    private void write(Path folder, Dataset images, String word) {
        for (int i = 0; i < images.size(); i++) {
            Image.write(folder.resolve(file(word, i)), images.image(i));
        }
    }

    private String file(String word, int number) {
        return named.apply(word + "-" + number) + ".png";
    }
}
