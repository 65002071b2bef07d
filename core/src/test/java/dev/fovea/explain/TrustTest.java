package dev.fovea.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.data.Mask;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Size;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks of which it is known what their answer hangs on. */
class TrustTest {

    private static final int SIDE = 8;

    /** The first class hangs on the four pixels of the upper left corner and on nothing else. */
    private static Layer corner() {
        Layer net = LayerText.build("flatten, dense 2", Shape.of(1, SIDE, SIDE), 2);
        float[] weights = new float[2 * SIDE * SIDE];
        for (int i : new int[] {0, 1, SIDE, SIDE + 1}) {
            weights[i] = 2;
        }
        try (var noGrad = new NoGrad()) {
            net.state().tensors().get("1.weight").copy_(Tensor.of(weights, 2, SIDE * SIDE));
            net.state().tensors().get("1.bias").copy_(Tensor.of(new float[] {-3, 0}, 2));
        }
        net.state().train(false);
        return net;
    }

    /** White in that corner, else black. */
    private static Tensor image() {
        float[] pixels = new float[SIDE * SIDE];
        for (int i : new int[] {0, 1, SIDE, SIDE + 1}) {
            pixels[i] = 1;
        }
        return Tensor.of(pixels, 1, 1, SIDE, SIDE);
    }

    private static float[][] map(boolean right) {
        float[][] map = new float[4][4];
        map[right ? 0 : 3][right ? 0 : 3] = 1;
        return map;
    }

    @Test
    void aMapOfWhatCountsIsMoreFaithfulThanOneOfWhatDoesNot() {
        Faithfulness right = Faithfulness.of(corner(), image(), map(true), 0, 1);
        Faithfulness wrong = Faithfulness.of(corner(), image(), map(false), 0, 1);
        double whole = 1 / (1 + Math.exp(-5));
        assertThat(right.deletion())
                .hasSize(21)
                .first()
                .satisfies(p -> assertThat(p).isCloseTo(whole, within(1e-5)));
        assertThat(right.insertion().get(20)).isCloseTo(whole, within(1e-5));
        assertThat(right.deletionArea()).isLessThan(0.2).isLessThan(wrong.deletionArea() - 0.3);
        assertThat(right.insertionArea()).isGreaterThan(wrong.insertionArea() + 0.3);
        assertThat(right.road()).isGreaterThan(0.3);
        assertThat(wrong.road()).isLessThan(right.road() - 0.3);
        assertThat(Faithfulness.of(corner(), image(), map(true), 0, 2).deletion())
                .first()
                .satisfies(p -> assertThat(p).isCloseTo(1 / (1 + Math.exp(-2.5)), within(1e-5)));
    }

    @Test
    void occlusionAndRisePointToWhatCounts() {
        for (Explainer explainer : List.of(new Occlusion(), new Rise(), new IntegratedGradients())) {
            float[][] map = explainer.explain(corner(), image(), 0);
            assertThat(map[0][0]).as(explainer.word()).isGreaterThan(0.9f);
            assertThat(map[map.length - 1][map[0].length - 1])
                    .as(explainer.word())
                    .isLessThan(0.3f);
        }
    }

    @Test
    void aPatchMustBeSmallerThanTheImage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Occlusion(8).explain(corner(), image(), 0))
                .withMessage("occlusion: patch must be smaller than the image, got patch=8 of an image of 8x8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Occlusion(-1))
                .withMessage("occlusion: patch must be positive, got patch=-1");
        assertThat(new Occlusion(7).explain(corner(), image(), 0)).isNotEmpty();
    }

    @Test
    void aSmoothImageIsImputedAsItWas() {
        float[] slope = new float[SIDE * SIDE];
        boolean[] removed = new boolean[slope.length];
        for (int i = 0; i < slope.length; i++) {
            slope[i] = i % SIDE + 3 * (i / SIDE);
            int x = i % SIDE;
            int y = i / SIDE;
            removed[i] = x > 1 && x < 6 && y > 1 && y < 6;
        }
        float[] filled = new Imputation(removed, SIDE, SIDE).apply(slope, 0);
        for (int i = 0; i < slope.length; i++) {
            assertThat(filled[i]).isCloseTo(slope[i], within(0.02f));
        }
    }

    @Test
    void whereAllIsRemovedNothingIsImputed() {
        boolean[] all = new boolean[4];
        java.util.Arrays.fill(all, true);
        assertThat(new Imputation(all, 2, 2).apply(new float[] {1, 2, 3, 4}, 0)).containsOnly(0f);
    }

    /** A map of the image's brightness, whatever the network is. */
    private record Brightness() implements GradientExplainer {
        @Override
        public String word() {
            return "brightness";
        }

        @Override
        public float[][] explain(Layer net, Tensor input, int label) {
            return Grid.positive(input.select(0, 0).select(0, 0));
        }
    }

    @Test
    void aMapThatIgnoresTheWeightsFailsTheSanityCheck() {
        Layer net = Drawn.by(
                1,
                LayerText.build(
                        "conv 6 3 pad=same, relu, conv 6 3 pad=same, relu, flatten, dense 3",
                        Shape.of(1, SIDE, SIDE),
                        3));
        net.state().train(false);
        Tensor image = Tensor.rand(dev.fovea.engine.Random.of(new dev.fovea.engine.Seed(1)), 1, 1, SIDE, SIDE);
        var before = new LinkedHashMap<String, float[]>();
        net.state().parameters().forEach((name, weight) -> before.put(name, weight.toFloats()));
        SanityCheck ignorant = SanityCheck.of(new Brightness(), net, image, 0);
        assertThat(ignorant.passed()).isFalse();
        assertThat(ignorant.last()).isCloseTo(1, within(1e-6));
        SanityCheck sane = SanityCheck.of(new HiResCam(), net, image, 0);
        assertThat(sane.passed()).isTrue();
        assertThat(sane.steps()).extracting(SanityCheck.Step::layer).containsExactly("", "5", "2", "0");
        net.state()
                .parameters()
                .forEach((name, weight) -> assertThat(weight.toFloats())
                        .as("%s is as it was", name)
                        .containsExactly(before.get(name)));
    }

    @Test
    void countsWhatLiesOnTheObject() {
        byte[] corner = new byte[16];
        corner[0] = 1;
        corner[1] = 1;
        Mask object = new Mask(new Size(4, 4), corner);
        float[][] map = new float[4][4];
        map[0][0] = 1;
        map[3][3] = 0.5f;
        Localization found = Localization.of(map, object);
        assertThat(found.mass()).isCloseTo(2 / 3.0, within(1e-6));
        assertThat(found.pointing()).isTrue();
        assertThat(Localization.of(new float[4][4], object)).isEqualTo(new Localization(0, false));
    }
}
