package dev.fovea.nn.detect;

import static dev.fovea.models.Zoo.noise;
import static dev.fovea.nn.detect.Formula.GOLDEN;
import static dev.fovea.nn.detect.Formula.boxes;
import static dev.fovea.nn.detect.Formula.close;
import static dev.fovea.nn.detect.Formula.sampled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Golden;
import dev.fovea.engine.DType;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The parts of detectors are torchvision's. */
class DetectTest {

    private static final List<Tensor> MAPS = List.of(Tensor.zeros(1, 1, 9, 13), Tensor.zeros(1, 1, 5, 7));

    @Test
    void boxesAreSaidAsDeltas() {
        var coder = new BoxCoder.Deltas(10, 10, 5, 5);
        Tensor given = boxes("given", 6, 100);
        Tensor reference = boxes("reference", 6, 100);
        Tensor codes = noise("codes", 6, 8).to(DType.FLOAT32).mul(30).reshape(6, 2, 4);
        close(coder.encode(given, reference), GOLDEN.get("deltas").get("encode"), 1e-5);
        close(coder.decode(codes, reference.unsqueeze(1)), GOLDEN.get("deltas").get("decode"), 1e-5);
    }

    @Test
    void boxesAreSaidAsSides() {
        var coder = new BoxCoder.Sides();
        Tensor given = boxes("given", 6, 100);
        Tensor reference = boxes("reference", 6, 100);
        Tensor codes = noise("codes", 6, 8).to(DType.FLOAT32).mul(30).narrow(1, 0, 4);
        close(coder.encode(given, reference), GOLDEN.get("sides").get("encode"), 1e-5);
        close(coder.decode(codes, reference), GOLDEN.get("sides").get("decode"), 1e-5);
    }

    @Test
    void anchorsStandInAGrid() {
        var grid = new AnchorGrid(List.of(List.of(32, 40, 50), List.of(64, 80, 101)), List.of(0.5, 1.0, 2.0));
        Anchors anchors = grid.of(MAPS, 70, 100);
        sampled(anchors.boxes(), GOLDEN.get("grid"), 1e-6);
        assertThat(anchors.counts()).containsExactly(9 * 13 * 9, 5 * 7 * 9);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> grid.of(MAPS.subList(0, 1), 70, 100))
                .withMessage("anchors: there are sizes for 2 maps, got 1");
    }

    @Test
    void defaultBoxesAreSharesOfTheImage() {
        var steps = new DefaultBoxes(List.of(List.of(2), List.of(2, 3)), List.of(0.07, 0.6, 1.05), List.of(8, 16));
        sampled(steps.of(MAPS, 70, 100).boxes(), GOLDEN.get("defaults"), 1e-6);
        var scales = DefaultBoxes.scales(0.2, 0.95, 2);
        var scaled = new DefaultBoxes(Collections.nCopies(2, List.of(2, 3)), scales, List.of());
        sampled(scaled.of(MAPS, 70, 100).boxes(), GOLDEN.get("scaled"), 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"rescued, 0.5, 0.4, BEST_BOXES", "plain, 0.5, 0.3, NONE", "ssd, 0.5, 0.5, FIRST_BEST_BOX"})
    void boxesLearnTheObjectTheyCoverBest(String name, double high, double low, MaxIou.Rescue rescue) {
        float[] anchors = boxes("anchor", 60, 100).toFloats();
        float[] objects = boxes("object", 5, 100).toFloats();
        double[] wanted = Golden.array(GOLDEN.get("match").get(name));
        assertThat(new MaxIou(high, low, rescue).assign(anchors, objects))
                .containsExactly(Arrays.stream(wanted).mapToInt(v -> (int) v).toArray());
    }

    @Test
    void withoutObjectsAllIsBackground() {
        assertThat(MaxIou.ssd(0.5).assign(boxes("anchor", 3, 100).toFloats(), new float[0]))
                .containsOnly(MaxIou.BACKGROUND);
    }

    @Test
    void focalLossIsTorchvisions() {
        JsonNode golden = GOLDEN.get("focal");
        Tensor logits = noise("logits", 40).mul(8).to(DType.FLOAT32).requireGrad(true);
        Tensor target = Tensor.of(Golden.array(golden.get("target")), 40).to(DType.FLOAT32);
        Tensor loss = Tensor.where(
                target.eq(1.0),
                FocalLoss.usual().present(logits),
                FocalLoss.usual().absent(logits));
        close(loss, golden.get("value"), 1e-6);
        loss.sum().backward();
        close(logits.grad(), golden.get("gradient"), 1e-6);
    }

    @Test
    void roiAlignAndItsGradientAreTorchvisions() {
        for (JsonNode golden : GOLDEN.get("align")) {
            var align = new RoiAlign(
                    3, 4, golden.get("samples").asInt(), golden.get("half").asBoolean());
            Tensor map = noise("features", 2, 3, 13, 17).to(DType.FLOAT32).requireGrad(true);
            var regions = new Regions(
                    new int[] {0, 1, 1, 0, 1}, boxes("region", 5, 70).sub(6).toFloats());
            Tensor found = align.of(map, regions, 0.25);
            close(found, golden.get("value"), 1e-5);
            found.mul(noise("upper", 5, 3, 3, 4).to(DType.FLOAT32)).sum().backward();
            sampled(map.grad().toFloats(), golden.get("gradient"), 1e-5);
        }
    }

    @Test
    void roiAlignTakesTheMapOfABoxesSize() {
        JsonNode golden = GOLDEN.get("pooler");
        var maps = new ArrayList<Tensor>();
        for (int i = 0; i < 4; i++) {
            maps.add(noise("map" + i, 2, 3, 64 >> i, 48 >> i).to(DType.FLOAT32).requireGrad(true));
        }
        Regions regions = Regions.of(
                List.of(boxes("few", 6, 256).toFloats(), boxes("many", 8, 700).toFloats()));
        Tensor found =
                new RoiAlign(3, 3, 2, false).of(maps, new double[] {1 / 4.0, 1 / 8.0, 1 / 16.0, 1 / 32.0}, regions);
        sampled(found.toFloats(), golden.get("value"), 1e-5);
        found.mul(noise("upper", 14, 3, 3, 3).to(DType.FLOAT32)).sum().backward();
        for (int i = 0; i < 4; i++) {
            sampled(maps.get(i).grad().toFloats(), golden.get("gradients").get(i), 1e-5);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false", "2, false", "0, true"})
    void roiAlignOfAMaskIsThatOfAMap(int samples, boolean aligned) {
        var align = new RoiAlign(5, 4, samples, aligned);
        float[] noise = noise("mask", 20, 30).toFloats();
        byte[] mask = new byte[noise.length];
        float[] values = new float[noise.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (noise[i] > 0 ? 1 : 0);
            values[i] = mask[i];
        }
        float[] box = {-3, 4.5f, 17.2f, 26};
        assertThat(align.of(mask, 30, box, 0))
                .containsExactly(
                        align.of(Tensor.of(values, 1, 1, 20, 30), new Regions(new int[1], box), 1)
                                .toFloats(),
                        within(1e-6f));
    }

    @Test
    void noRegionGivesNothing() {
        assertThat(new RoiAlign(7, 7, 2, false)
                        .of(Tensor.zeros(1, 3, 8, 8), new Regions(new int[0], new float[0]), 1)
                        .shape())
                .containsExactly(0, 3, 7, 7);
    }

    @Test
    void theCheapestAssignmentIsFound() {
        assertThat(Hungarian.assign(new double[][] {{4, 1, 3}, {2, 0, 5}, {3, 2, 2}}))
                .as("the example in scipy's documentation")
                .containsExactly(1, 0, 2);
        for (int[] size : new int[][] {{1, 1}, {4, 4}, {3, 6}, {6, 3}, {5, 7}, {7, 7}}) {
            for (int round = 0; round < 20; round++) {
                double[][] cost = costs("cost" + round, size[0], size[1]);
                int[] found = Hungarian.assign(cost);
                assertThat(Arrays.stream(found)
                                .filter(column -> column >= 0)
                                .distinct()
                                .count())
                        .isEqualTo(Math.min(size[0], size[1]));
                assertThat(sum(cost, found)).isCloseTo(cheapest(cost), within(1e-9));
            }
        }
        assertThat(Hungarian.assign(new double[0][])).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hungarian.assign(new double[][] {{1, Double.NaN}}))
                .withMessageStartingWith("hungarian: costs must be finite");
    }

    /** Some of them whole numbers, so that there are equal ones. */
    private static double[][] costs(String name, int rows, int columns) {
        double[] values = noise(name, rows, columns)
                .mul(name.endsWith("1") ? 3 : 100)
                .round()
                .toDoubles();
        double[][] cost = new double[rows][columns];
        for (int i = 0; i < values.length; i++) {
            cost[i / columns][i % columns] = values[i];
        }
        return cost;
    }

    private static double sum(double[][] cost, int[] columns) {
        return IntStream.range(0, columns.length)
                .filter(row -> columns[row] >= 0)
                .mapToDouble(row -> cost[row][columns[row]])
                .sum();
    }

    /** By trying all. */
    private static double cheapest(double[][] cost) {
        int rows = cost.length;
        int columns = cost[0].length;
        return cheapest(cost, 0, Math.min(rows, columns), new boolean[columns]);
    }

    private static double cheapest(double[][] cost, int row, int left, boolean[] taken) {
        if (left == 0) {
            return 0;
        }
        double best = cost.length - row > left ? cheapest(cost, row + 1, left, taken) : Double.POSITIVE_INFINITY;
        for (int column = 0; column < taken.length; column++) {
            if (!taken[column]) {
                taken[column] = true;
                best = Math.min(best, cost[row][column] + cheapest(cost, row + 1, left - 1, taken));
                taken[column] = false;
            }
        }
        return best;
    }

    @Test
    void atssTakesTheNearestThatCoverMoreThanUsual() {
        // Squares of 10 at steps of 10; the object covers two of them nearly whole and their neighbours hardly.
        float[] anchors = new float[4 * 16];
        for (int i = 0; i < 16; i++) {
            anchors[4 * i] = 10 * (i % 4);
            anchors[4 * i + 1] = 10 * (i / 4);
            anchors[4 * i + 2] = anchors[4 * i] + 10;
            anchors[4 * i + 3] = anchors[4 * i + 1] + 10;
        }
        var grid = new Anchors(anchors, new int[] {16});
        int[] assigned = new Atss(9).assign(grid, new float[] {9, 9, 31, 21});
        assertThat(IntStream.range(0, 16).filter(i -> assigned[i] == 0)).containsExactly(5, 6);
        // A smaller object takes the anchor that it covers better.
        int[] both = new Atss(9).assign(grid, new float[] {9, 9, 31, 21, 10, 10, 20, 20});
        assertThat(both[5]).isEqualTo(1);
        assertThat(both[6]).isEqualTo(0);
    }

    @Test
    void aSampleHoldsAtMostAShareOfPositives() {
        int[] assigned = new int[100];
        Arrays.fill(assigned, 0, 40, 3);
        Arrays.fill(assigned, 40, 90, MaxIou.BACKGROUND);
        Arrays.fill(assigned, 90, 100, MaxIou.IGNORED);
        var sampling = new Sampling(20, 0.25);
        Sampling.Sample sample = sampling.draw(assigned, Random.of(new Seed(1)));
        assertThat(sample.positives()).hasSize(5).doesNotHaveDuplicates();
        assertThat(sample.positives()[4]).isLessThan(40);
        assertThat(sample.negatives()).hasSize(15).doesNotHaveDuplicates();
        assertThat(sample.negatives()[0]).isBetween(40, 89);
        assertThat(sample.negatives()[14]).isBetween(40, 89);
        assertThat(sampling.draw(assigned, Random.of(new Seed(1))).all()).containsExactly(sample.all());
        assertThat(sampling.draw(assigned, Random.of(new Seed(2))).all()).isNotEqualTo(sample.all());
        assertThat(new Sampling(1000, 0.5)
                        .draw(assigned, Random.of(new Seed(1)))
                        .all())
                .as("all there are")
                .hasSize(90);
    }

    @ParameterizedTest
    @CsvSource({"POOL, 3", "TWO_FROM_PYRAMID, 4", "TWO_FROM_MAPS, 4"})
    void thePyramidHasCoarserMapsToo(FeaturePyramid.Extra extra, int levels) {
        var pyramid = new FeaturePyramid(List.of(4, 6), 8, false, extra);
        List<Tensor> maps = pyramid.of(List.of(Tensor.ones(1, 4, 16, 12), Tensor.ones(1, 6, 8, 6)));
        assertThat(maps).hasSize(levels).allMatch(map -> map.size(1) == 8);
        assertThat(maps.get(2).shape()).containsExactly(1, 8, 4, 3);
        assertThat(pyramid.state().parameters()).containsKeys("inner_blocks.0.0.weight", "layer_blocks.1.0.bias");
    }
}
