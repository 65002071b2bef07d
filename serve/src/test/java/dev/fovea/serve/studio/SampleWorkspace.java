package dev.fovea.serve.studio;

import dev.fovea.data.Box;
import dev.fovea.data.Shapes;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.run.DataRequest;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What a workspace holds, small enough to be made for each test. */
public final class SampleWorkspace {

    private static final Path PACKAGES = Path.of("../core/src/test/resources/packages");
    private static final String NET = "conv 4 3, relu, maxpool 4, flatten, dense classes";

    private SampleWorkspace() {}

    /** A folder of class folders with drawn images, which the classes do not depend on. */
    public static Path classFolders(Path folder, List<String> classes, int each) throws IOException {
        var images = new Shapes(5, classes.size() * each, 32);
        for (int c = 0; c < classes.size(); c++) {
            Path own = Files.createDirectories(folder.resolve(classes.get(c)));
            for (int i = 0; i < each; i++) {
                Image.write(own.resolve("image-" + c + "-" + i + ".png"), images.image(c * each + i));
            }
        }
        return folder;
    }

    /** Drawn shapes in folders of their classes: something to be learned. */
    public static Path shapes(Path folder, int count) throws IOException {
        var images = new Shapes(7, count, 32);
        for (int i = 0; i < count; i++) {
            Path own = Files.createDirectories(folder.resolve(images.classes().get(images.label(i))));
            Image.write(own.resolve("shape-" + i + ".png"), images.image(i));
        }
        return folder;
    }

    /** Drawn shapes with their boxes, as COCO writes them. */
    public static Path boxes(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        var images = new Shapes(9, count, 48).withObjects().orElseThrow();
        var files = new ArrayList<Map<String, Object>>();
        var objects = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < count; i++) {
            Image image = images.image(i);
            Image.write(folder.resolve("scene-" + i + ".png"), image);
            files.add(Map.of(
                    "id", i, "file_name", "scene-" + i + ".png", "width", image.width(), "height", image.height()));
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
        var classes = new ArrayList<Map<String, Object>>();
        for (int c = 0; c < images.classes().size(); c++) {
            classes.add(Map.of("id", c + 1, "name", images.classes().get(c)));
        }
        byte[] json = new JsonMapper()
                .writeValueAsBytes(Map.of("images", files, "annotations", objects, "categories", classes));
        Files.write(folder.resolve("_annotations.coco.json"), json);
        return folder;
    }

    /** A run of one epoch on {@code data} of the workspace; returns its folder. */
    public static Path run(Path workspace, String name, String data) {
        Recipe recipe = Tasks.ALL
                .recipes()
                .with(Tasks.ALL.recipe(NET), List.of("input.size=16", "epochs=1", "batch=10", "precision=fp32"));
        var asked = DataRequest.of(workspace.resolve(data).toString());
        return Tasks.ALL
                .train(
                        recipe,
                        asked.open(recipe),
                        RunSettings.in(workspace.resolve("runs"), name).withData(asked))
                .folder();
    }

    /** A recorded model package, such as {@code detect}, under {@code name}. */
    public static Path model(Path workspace, String recorded, String name) throws IOException {
        Path to = Files.createDirectories(workspace.resolve(name));
        try (var files = Files.list(PACKAGES.resolve(recorded))) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return to;
    }
}
