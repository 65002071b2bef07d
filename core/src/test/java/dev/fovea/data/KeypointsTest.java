package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.image.Filter;
import dev.fovea.image.Size;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeypointsTest {

    private static final Skeleton EYES = Skeleton.of(List.of("nose", "left_eye", "right_eye"));

    private static final Size SIZE = new Size(20, 40);

    private static Keypoints face() {
        return new Keypoints(EYES, new double[] {10, 14, 6}, new double[] {8, 5, 5}, new int[] {2, 1, 2});
    }

    @Test
    void leftAndRightOfCocosPersonArePairs() {
        assertThat(Skeleton.COCO_PERSON.mirrored())
                .containsExactly(0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15);
        assertThat(Skeleton.of(List.of("l_hand", "r_hand", "tail")).mirrored()).containsExactly(1, 0, 2);
        assertThat(Skeleton.of(List.of("left", "left", "right")).mirrored()).containsExactly(2, 1, 0);
    }

    @Test
    void aSkeletonWhosePairsAreNoneIsRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Skeleton(List.of("a", "b", "c"), List.of(1, 2, 0)))
                .withMessageStartingWith("skeleton: mirrored names for each of the 3 points");
    }

    @Test
    void aMirroredImageSwapsLeftAndRight() {
        Keypoints mirrored = Geometry.mirror(SIZE).apply(face());
        assertThat(mirrored.x()).containsExactly(30, 34, 26);
        assertThat(mirrored.y()).containsExactly(8, 5, 5);
        assertThat(mirrored.visibility()).containsExactly(2, 2, 1);
    }

    @Test
    void twoMirrorsAndTurnsSwapNothing() {
        Geometry twice = Geometry.mirror(SIZE).then(Geometry.upsideDown(SIZE));
        assertThat(twice.apply(face()).x()).containsExactly(30, 26, 34);
        assertThat(Geometry.mirror(SIZE).then(Geometry.mirror(SIZE)).apply(face()))
                .isEqualTo(face());
    }

    @Test
    void whatLeavesTheImageIsNoLongerKnown() {
        Keypoints moved = Geometry.translate(SIZE, -8, 0).apply(face());
        assertThat(moved.x()).containsExactly(2, 6, 0);
        assertThat(moved.visibility()).containsExactly(2, 1, 0);
        assertThat(moved.marked()).isEqualTo(2);
    }

    @Test
    void pointsStayWhereTheyWereOnTheirObjects() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 100; i++) {
            Geometry geometry = Geometry.rotate(SIZE, random.nextDouble(-30, 30))
                    .then(Geometry.resize(SIZE, new Size(50, 50)))
                    .then(i % 2 == 0 ? Geometry.mirror(new Size(50, 50)) : Geometry.identity(new Size(50, 50)));
            var box = new Box(4, 3, 16, 10);
            var target = new Target.Objects(List.of(box), new int[1], List.of(), new boolean[1], List.of(face()));
            var moved = (Target.Objects) geometry.apply(target, 0, Filter.BILINEAR);
            Keypoints points = moved.keypoints().get(0);
            for (int p = 0; p < 3; p++) {
                if (points.visibility()[p] != Keypoints.UNKNOWN) {
                    var at = new Box(points.x()[p], points.y()[p], points.x()[p], points.y()[p]);
                    assertThat(moved.boxes().get(0).contains(at, 1e-6)).isTrue();
                }
            }
        }
    }

    @Test
    void objectsWithoutBoxesLeftLoseTheirPoints() {
        var target = new Target.Objects(
                List.of(new Box(0, 0, 5, 5), new Box(20, 5, 30, 15)),
                new int[2],
                List.of(),
                new boolean[2],
                List.of(Keypoints.unknown(EYES), face()));
        var moved = (Target.Objects) Geometry.part(SIZE, 15, 0, SIZE).apply(target, 0.1, Filter.BILINEAR);
        assertThat(moved.boxes()).containsExactly(new Box(5, 5, 15, 15));
        assertThat(moved.keypoints()).hasSize(1);
    }

    @Test
    void aBatchCarriesThemLikeMasks() {
        var with = new Target.Objects(
                List.of(new Box(0, 0, 5, 5)), new int[1], List.of(), new boolean[1], List.of(face()));
        var none = Target.Objects.of(List.of(), new int[0]);
        var batch = (Targets.Objects) Targets.of(List.of(with, none, with));
        assertThat(batch.keypoints()).containsExactly(face(), face());
        assertThat(batch.offsets()).containsExactly(0, 1, 1, 2);
        var without = Target.Objects.of(List.of(new Box(0, 0, 5, 5)), new int[1]);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Targets.of(List.of(with, without)))
                .withMessage("the objects of a batch must all have keypoints or none, got 1 for 2 objects");
    }

    @Test
    void pointsThatAreNoneAreRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Keypoints(EYES, new double[2], new double[3], new int[3]))
                .withMessage("keypoints: each of the 3 points needs x, y and a visibility, got 2, 3 and 3");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Keypoints(EYES, new double[3], new double[3], new int[] {0, 3, 0}))
                .withMessage("keypoints: a point is finite and its visibility 0, 1 or 2, got 0.0, 0.0, 3");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Target.Objects(List.of(), new int[0], List.of(), new boolean[0], List.of(face())))
                .withMessage("objects: all or none need keypoints, got 1 for 0 objects");
    }
}
