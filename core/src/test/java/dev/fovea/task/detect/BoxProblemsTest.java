package dev.fovea.task.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Box;
import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.run.Finding;
import dev.fovea.run.ProgressWatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoxProblemsTest {

    @Test
    void findsABoxWhereTheDetectorSeesNothing() {
        Detector detector = Detector.load(Path.of("src/test/resources/packages/detect"), "cpu");
        Dataset scenes = Data.open("shape-scenes", Data.Options.of().withTargets(TargetKind.BOXES))
                .test()
                .subset(IntStream.range(0, 8).toArray());
        var images = new ArrayList<dev.fovea.image.Image>();
        var targets = new ArrayList<Target>();
        var corner = new Box(0, 0, 3, 3);
        for (int i = 0; i < scenes.size(); i++) {
            images.add(scenes.image(i));
            targets.add(Target.Objects.of(List.of(corner), new int[] {0}));
        }
        Splits data = Splits.trainOnly(Dataset.of(images, detector.classes(), targets), List.of());
        List<Finding> found = BoxProblems.of(detector, data, ProgressWatch.NONE);
        assertThat(found)
                .filteredOn(one -> one.kind() == Finding.Kind.DOUBTFUL_BOX)
                .hasSizeGreaterThan(4)
                .allMatch(one -> one.other().equals("0.0,0.0,3.0,3.0") && one.score() > 0.5);
        assertThat(found).allMatch(one -> one.action() == Finding.Action.KEEP);
    }
}
