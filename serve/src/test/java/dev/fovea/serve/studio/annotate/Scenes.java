package dev.fovea.serve.studio.annotate;

import dev.fovea.data.Conversion;
import dev.fovea.data.Data;
import dev.fovea.data.Splits;
import dev.fovea.data.TargetKind;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Drawn scenes with boxes, as a data set of a workspace. */
final class Scenes {

    private Scenes() {}

    /** @param form voc, coco, yolo or csv */
    static Path written(Path workspace, String name, String form, int train, int validation) {
        Splits scenes = Data.open("shape-scenes", Data.Options.of().withTargets(new TargetKind.Boxes(true, false)));
        var few = new Splits(
                scenes.train().subset(IntStream.range(0, train).toArray()),
                scenes.validation().subset(IntStream.range(0, validation).toArray()),
                scenes.test().subset(0),
                List.of());
        return Conversion.of(few, form, workspace.resolve(name)).folder();
    }
}
