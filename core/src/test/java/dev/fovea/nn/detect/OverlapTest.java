package dev.fovea.nn.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlapTest {

    @ParameterizedTest
    @CsvSource({ // a, b, then IoU, GIoU, DIoU and CIoU, computed by hand from the papers' formulas
        "0 0 2 2, 1 1 3 3, 0.142857, -0.079365, 0.031746, 0.031746",
        "0 0 1 1, 2 0 3 1, 0, -0.333333, -0.4, -0.4",
        "0 0 4 2, 0 0 2 4, 0.333333, 0.083333, 0.270833, 0.237079",
        "5 5 9 8, 5 5 9 8, 1, 1, 1, 1"
    })
    void equalsTheFormulasOfThePapers(String a, String b, double iou, double giou, double diou, double ciou) {
        try (var scope = new Scope()) {
            Tensor first = box(a);
            Tensor second = box(b);
            assertThat(Overlap.IOU.of(first, second).item()).isCloseTo(iou, within(1e-5));
            assertThat(Overlap.GIOU.of(first, second).item()).isCloseTo(giou, within(1e-5));
            assertThat(Overlap.DIOU.of(first, second).item()).isCloseTo(diou, within(1e-5));
            assertThat(Overlap.CIOU.of(first, second).item()).isCloseTo(ciou, within(1e-5));
        }
    }

    private static Tensor box(String text) {
        String[] words = text.split(" ");
        float[] edges = new float[4];
        for (int i = 0; i < 4; i++) {
            edges[i] = Float.parseFloat(words[i]);
        }
        return Tensor.of(edges, 1, 4);
    }

    @Test
    void ofEachWithEachIsThatOfThePairs() {
        try (var scope = new Scope()) {
            Tensor a = Tensor.of(new float[] {0, 0, 2, 2, 1, 1, 3, 3, 4, 4, 4, 4}, 3, 4);
            Tensor b = Tensor.of(new float[] {1, 1, 3, 3, 0, 0, 1, 1}, 2, 4);
            assertThat(Overlap.matrix(a, b).toFloats())
                    .usingComparatorWithPrecision(1e-6f)
                    .containsExactly(1f / 7, 0.25f, 1f, 0f, 0f, 0f);
        }
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        for (Overlap overlap : new Overlap[] {Overlap.IOU, Overlap.GIOU, Overlap.DIOU}) {
            double[] edges = {1, 2, 6, 9};
            float[] gradient;
            try (var scope = new Scope()) {
                Tensor box = Tensor.of(edges, 1, 4).requireGrad(true);
                overlap.of(box, Tensor.of(new double[] {2, 3, 8, 8}, 1, 4))
                        .sum()
                        .backward();
                gradient = box.grad().toFloats();
            }
            for (int i = 0; i < 4; i++) {
                double slope = (at(overlap, edges, i, 1e-5) - at(overlap, edges, i, -1e-5)) / 2e-5;
                assertThat((double) gradient[i]).as("%s, edge %s", overlap, i).isCloseTo(slope, within(1e-5));
            }
        }
    }

    private static double at(Overlap overlap, double[] edges, int edge, double step) {
        double[] moved = edges.clone();
        moved[edge] += step;
        try (var scope = new Scope()) {
            return overlap.of(Tensor.of(moved, 1, 4), Tensor.of(new double[] {2, 3, 8, 8}, 1, 4))
                    .item();
        }
    }
}
