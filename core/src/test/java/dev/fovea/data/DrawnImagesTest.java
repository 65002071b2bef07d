package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The built-in sets are drawn, not read. */
class DrawnImagesTest {

    @Test
    void fingerprintsAgreeWhereImagesDo() {
        for (List<Dataset> pair : List.of(
                List.<Dataset>of(new Shapes(3, 40, 16), new Shapes(3, 60, 16)),
                List.<Dataset>of(new Shapes(3, 40, 16), new Shapes(4, 40, 16)),
                List.<Dataset>of(new MovingShapes(3, 8, 16, 4), new MovingShapes(3, 9, 16, 4)),
                List.<Dataset>of(new MovingShapes(3, 8, 16, 4), new MovingShapes(5, 8, 16, 4)))) {
            for (int i = 0; i < pair.get(0).size(); i++) {
                boolean same = Arrays.equals(
                        pair.get(0).image(i).pixels(), pair.get(1).image(i).pixels());
                assertThat(pair.get(0).fingerprint(i) == pair.get(1).fingerprint(i))
                        .isEqualTo(same);
            }
        }
    }

    @Test
    void noTwoImagesShareAFingerprint() {
        var shapes = new Shapes(1, 10_000, 32);
        var all = new HashSet<Long>();
        IntStream.range(0, shapes.size()).forEach(i -> all.add(shapes.fingerprint(i)));
        assertThat(all).hasSize(10_000);
    }

    @Test
    void outlinedShapesOfScenesReachAsFarAsTheirLines() {
        var scenes = new ShapeScenes(12, 1000, 48, new TargetKind.Boxes(true, false));
        assertThat(objects(scenes, 666).boxes()).containsExactly(new Box(25, 5, 48, 35), new Box(0, 18, 20, 37));
        assertThat(objects(scenes, 500).boxes()).containsExactly(new Box(27, 17, 48, 38));
        var areas = new ShapeScenes(12, 1000, 48, new TargetKind.Numbers(List.of("area")));
        int covered = objects(scenes, 500).masks().get(0).count();
        assertThat(((Target.Values) areas.target(500)).numbers()[0]).isEqualTo(100f * covered / (48 * 48));
        assertThat(objects(scenes, 500).masks().get(0).values()[30 * 48 + 38]).isEqualTo((byte) 1);
    }

    private static Target.Objects objects(Dataset data, int index) {
        return (Target.Objects) data.target(index);
    }
}
