package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoxSummaryTest {

    @Test
    void objectsAreCountedByClassAndSize(@TempDir Path path) {
        var folder = new ObjectFolder(path)
                .image("JPEGImages/a.jpg", 200, 200)
                .image("JPEGImages/b.jpg", 200, 200)
                .voc(
                        "Annotations/a.xml",
                        "a.jpg",
                        200,
                        200,
                        "cat 1 1 31 31",
                        "cat 1 1 31 31",
                        "cat 1 1 96 95",
                        "dog 1 1 96 96 difficult",
                        "dog 101 101 300 110")
                .voc("Annotations/b.xml", "b.jpg", 200, 200);
        BoxSummary found = BoxSummary.of(folder.open(TargetKind.ANY).train());
        assertThat(found.images()).isEqualTo(2);
        assertThat(found.withoutObjects()).isEqualTo(1);
        assertThat(found.objects()).isEqualTo(5);
        assertThat(found.classes())
                .containsEntry("cat", new BoxSummary.OfClass(3, 1, 2, 1, 0))
                .containsEntry("dog", new BoxSummary.OfClass(2, 1, 1, 0, 1));
        assertThat(List.of(found.ignored(), found.clipped(), found.duplicated(), found.most()))
                .containsExactly(1, 1, 1, 5);
        assertThat(found.text("train"))
                .contains("2 images, 5 objects; median 5 an image, at most 5; 1 images without objects")
                .contains("boxes clipped 1, duplicated 1, ignored 1");
    }

    @Test
    void classesThatAPartNeverShowsAreNamed() {
        BoxSummary found = BoxSummary.of(new Shapes(1, 4, 32).with(Shapes.Annotation.BOXES));
        assertThat(found.classes()).hasSize(4);
        assertThat(found.neverSeen()).hasSize(6).contains("ring", "arrow");
        assertThat(found.text("test")).contains("never seen: cross, ring, heart, crescent, hexagon and 1 more");
        assertThat(BoxSummary.isOf(new Shapes(1, 4, 32))).isFalse();
        assertThat(BoxSummary.of(Dataset.empty(List.of("a"))).text("test")).isEmpty();
    }

    @Test
    void builtInDataHasBoxesAndOnRequestMasks() {
        for (String name : List.of("shapes", "shape-scenes")) {
            var with = Data.open(name, Data.Options.of().withTargets(new TargetKind.Boxes(true, false)))
                    .train();
            var without = Data.open(name, Data.Options.of().withTargets(TargetKind.BOXES))
                    .train();
            int objects = 0;
            for (int i = 0; i < 30; i++) {
                var full = (Target.Objects) with.target(i);
                var plain = (Target.Objects) without.target(i);
                assertThat(plain.boxes()).isEqualTo(full.boxes());
                assertThat(plain.masks()).isEmpty();
                assertThat(full.masks().stream()
                                .map(mask -> mask.box().orElseThrow())
                                .toList())
                        .isEqualTo(full.boxes());
                objects += full.boxes().size();
            }
            assertThat(objects).isGreaterThan(25);
        }
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Data.open("moving-shapes", Data.Options.of().withTargets(TargetKind.BOXES)))
                .withMessageStartingWith("moving-shapes: has no boxes.");
    }

    @Test
    void splitsKeepTheMostFrequentClassesInEqualShares() {
        Dataset all = new Shapes(1, 200, 32).with(Shapes.Annotation.BOXES);
        Splits splits = all.split(0.5, 0.5, 0);
        assertThat(splits.train().counts()).containsOnly(10);
        assertThat(Arrays.stream(splits.validation().counts()).sum()).isEqualTo(100);
        assertThat(splits.forTraining().train().size()).isEqualTo(100);
    }
}
