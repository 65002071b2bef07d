package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnomalyNetTest {

    /** Sees images as they are. */
    private record Glass() implements FeatureMaps {
        @Override
        public Tensor features(Tensor x) {
            return x;
        }

        @Override
        public Tensor head(Tensor features) {
            return features;
        }

        @Override
        public List<String> headNames() {
            return List.of();
        }

        @Override
        public State state() {
            return State.none();
        }
    }

    /** Images of one pixel each. */
    private static Tensor pixels(int channels, double... values) {
        float[] all = new float[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) values[i];
        }
        return Tensor.of(all, all.length / channels, channels, 1, 1);
    }

    private static float[] scores(AnomalyNet net, Tensor images) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return net.score(images).imageScore().toFloats();
        }
    }

    private static PatchCore memoryOf(int memory, Tensor images) {
        var net = new PatchCore(new Glass(), (int) images.size(1), 1, 1, memory);
        net.fit(images);
        net.finishFit();
        return net;
    }

    @Test
    void theImageScoreIsWeighedByTheNeighboursOfWhatIsNearest() {
        var net = memoryOf(3, pixels(2, 0, 0, 3, 4, 6, 8));
        double nearest = 1;
        double second = Math.sqrt(9 + 9);
        double third = Math.sqrt(36 + 49);
        double weight = 1 - Math.exp(nearest) / (Math.exp(nearest) + Math.exp(second) + Math.exp(third));
        assertThat(scores(net, pixels(2, 0, 1)))
                .containsExactly(new float[] {(float) (nearest * weight)}, within(1e-4f));
        assertThat(net.score(pixels(2, 0, 1)).anomalyMap().toFloats()).containsExactly(new float[] {1}, within(1e-4f));
    }

    @Test
    void onlyNineNeighboursCount() {
        double[] line = new double[20];
        double sum = 0;
        for (int i = 0; i < line.length; i++) {
            line[i] = 0.1 * i;
            sum += i < 9 ? Math.exp(0.1 * (i + 1)) : 0;
        }
        float[] found = scores(memoryOf(20, pixels(1, line)), pixels(1, -0.1));
        assertThat(found).containsExactly(new float[] {(float) (0.1 * (1 - Math.exp(0.1) / sum))}, within(1e-4f));
    }

    @Test
    void aMemoryOfOneIsNotWeighed() {
        assertThat(scores(memoryOf(1, pixels(1, 2)), pixels(1, 5))).containsExactly(new float[] {3}, within(1e-4f));
    }

    @Test
    void theOddestPlaceOfEachImageDecides() {
        var net = memoryOf(2, pixels(1, 0, 10));
        Tensor images = Tensor.of(new float[] {0, 0, 0, 4, 9, 10, 10, 10}, 2, 1, 2, 2);
        float[] found = scores(net, images);
        assertThat(found[0]).isCloseTo((float) (4 * (1 - 1 / (1 + Math.exp(2)))), within(1e-4f));
        assertThat(found[1]).isCloseTo((float) (1 - 1 / (1 + Math.exp(8))), within(1e-4f));
    }

    @Test
    void whatIsKeptLeavesNoPlaceFarFromIt() {
        double[] crowd = new double[2 * 60];
        for (int i = 0; i < 57; i++) {
            crowd[2 * i] = 0.01 * (i % 8);
            crowd[2 * i + 1] = 0.01 * (i / 8);
        }
        double[] corners = {5, 5, -5, 5, 5, -5};
        System.arraycopy(corners, 0, crowd, 2 * 57, 6);
        var net = memoryOf(4, pixels(2, crowd));
        float[] places = net.score(pixels(2, crowd)).anomalyMap().toFloats();
        assertThat(places).hasSize(60);
        for (float away : places) {
            assertThat(away).isLessThan(0.15f);
        }
    }

    @Test
    void padimIsTheMahalanobisDistance() {
        var net = new Padim(new Glass(), 2, 1, 1);
        net.fit(pixels(2, 0, 0, 1, 1));
        net.fit(pixels(2, 2, 2));
        net.finishFit();
        // Mean (1, 1), covariance (1, 1; 1, 1) + 0.01 I, whose inverse is (1.01, -1; -1, 1.01) / 0.0201.
        assertThat(scores(net, pixels(2, 2, 0, 2, 2, 1, 1)))
                .containsExactly(
                        new float[] {(float) Math.sqrt(4.02 / 0.0201), (float) Math.sqrt(0.02 / 0.0201), 0},
                        within(1e-2f));
    }

    @Test
    void anOptionMayBeANetworkOfItsOwn() {
        String model = Models.withOption(
                "patchcore backbone=resnet18 memory=7", "backbone", "conv 4 3, relu, flatten, dense classes");
        assertThat(model).isEqualTo("patchcore memory=7 backbone=(conv 4 3, relu, flatten, dense classes)");
        assertThat(Models.isText(model)).isFalse();
        assertThat(((PatchCore) Models.create(model, 1, 12, 12, 3))
                        .score(Tensor.zeros(1, 1, 12, 12))
                        .anomalyMap()
                        .shape())
                .containsExactly(1, 10, 10);
        assertThat(Models.withOption("padim", "backbone", "resnet9")).isEqualTo("padim backbone=resnet9");
    }
}
