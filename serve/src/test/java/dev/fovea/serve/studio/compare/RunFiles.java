package dev.fovea.serve.studio.compare;

import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import dev.fovea.run.DataRequest;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Run folders: written as files where that is enough, else trained for a moment. */
final class RunFiles {

    private RunFiles() {}

    /** One that has finished two epochs. */
    static Path written(Path folder, String name, double accuracy, String lr) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(
                run.resolve("recipe.yaml"),
                "model: cifar-cnn\ntask:\n  type: classification\noptimizer:\n  lr: %s\nseed: 0\n".formatted(lr));
        Files.writeString(
                run.resolve("metrics.csv"),
                String.format(
                        Locale.ROOT,
                        "epoch,train_loss,validation_loss,validation_accuracy,seconds\n1,2.1,2.2,%.3f,10\n2,1.5,1.9,%.3f,12\n",
                        accuracy / 2,
                        accuracy));
        Files.writeString(run.resolve("run.json"), """
                {"format":1,"asked":{"started":"2026-11-30T10:00:00","command":"","data":{"data":"flowers","validation":"",
                "format":"","skipBroken":false,"only":[],"perClass":0,"extra":"","corrections":"","imbalance":0,"labelNoise":0,
                "fold":"","batches":0},"weights":[],"classifier":[],"overfit":false,"ignoreHead":false},
                "seen":{"classes":["a","b"],"train":{"images":10,"fingerprint":""},"validation":{"images":4,"fingerprint":""}},
                "outcome":{"end":"finished","seconds":25,"epochs":2,"criterion":"accuracy","best":%s,"bestEpoch":2,
                "metrics":{"accuracy":%s,"loss":1.9}}}
                """.formatted(accuracy, accuracy));
        return run;
    }

    /** Images of shapes, one folder a class. */
    static Path shapes(Path workspace) throws IOException {
        var shapes = new Shapes(1, 40, 16);
        for (int i = 0; i < 40; i++) {
            Path place = Files.createDirectories(
                    workspace.resolve("shapes16").resolve(shapes.classes().get(shapes.label(i))));
            Image.write(place.resolve(i + ".png"), shapes.image(i));
        }
        return workspace.resolve("shapes16");
    }

    /** One that is trained. */
    static Path trained(Path workspace, String name, String... changes) {
        Recipe recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("conv 4 3, relu, maxpool 4, flatten, dense classes"),
                        Stream.concat(
                                        Stream.of(
                                                "input.size=16",
                                                "epochs=1",
                                                "batch=20",
                                                "precision=fp32",
                                                "selection.validation=0.5"),
                                        Stream.of(changes))
                                .toList());
        DataRequest here = DataRequest.of(workspace.resolve("shapes16").toString());
        return Tasks.ALL
                .train(
                        recipe,
                        here.open(recipe),
                        RunSettings.in(workspace.resolve("runs"), name)
                                .withData(DataRequest.of("shapes16"))
                                .withListeners(List.of()))
                .folder();
    }
}
