package dev.fovea.serve.studio;

import dev.fovea.data.Shapes;
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
        return DrawnData.PLAIN.classFolders(folder, count);
    }

    /** Drawn shapes with their boxes, as COCO writes them. */
    public static Path boxes(Path folder, int count) throws IOException {
        return DrawnData.PLAIN.boxes(folder, count);
    }

    /** A run of one epoch on {@code data} of the workspace; returns its folder. */
    public static Path run(Path workspace, String name, String data) {
        return run(workspace, name, data, NET, "input.size=16", "batch=10");
    }

    /** The same with a network and settings. */
    static Path run(Path workspace, String name, String data, String model, String... settings) {
        var all = new ArrayList<>(List.of("epochs=1", "precision=fp32"));
        all.addAll(List.of(settings));
        Recipe recipe = Tasks.ALL.recipes().of(model, all);
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
