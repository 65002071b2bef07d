package dev.fovea.bench;

import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.detect.Nms;
import dev.fovea.nn.detect.Regions;
import dev.fovea.nn.detect.RoiAlign;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Milliseconds of what detectors do beside convolutions, on boxes of 10 to 200 pixels in an image of 800 x 800;
 * {@code bench/peers/pytorch/operators.py} measures torchvision's operators on the same.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class DetectionBenchmark {

    private static final int SIDE = 800;
    private static final int STRIDE = 16;
    private static final int CHANNELS = 256;
    private static final int NMS_BOXES = 10_000;
    private static final int REGIONS = 1000;

    private final RoiAlign align = new RoiAlign(7, 7, 2, false);
    private float[] boxes;
    private float[] scores;
    private Regions regions;
    private Scope scope;
    private Tensor map;

    /** Draws boxes, scores and a map of features. */
    @Setup
    public void draw() {
        var random = new SplittableRandom(0);
        boxes = boxes(NMS_BOXES, random);
        scores = new float[NMS_BOXES];
        for (int i = 0; i < NMS_BOXES; i++) {
            scores[i] = (float) random.nextDouble();
        }
        regions = new Regions(new int[REGIONS], boxes(REGIONS, random));
        scope = new Scope();
        map = Tensor.rand(Random.of(new Seed(0)), 1, CHANNELS, SIDE / STRIDE, SIDE / STRIDE)
                .channelsLast()
                .requireGrad(true);
    }

    /** Frees the map. */
    @TearDown
    public void free() {
        scope.close();
    }

    private static float[] boxes(int count, SplittableRandom random) {
        float[] boxes = new float[4 * count];
        for (int i = 0; i < count; i++) {
            double width = random.nextDouble(10, 200);
            double height = random.nextDouble(10, 200);
            double left = random.nextDouble(SIDE - width);
            double top = random.nextDouble(SIDE - height);
            boxes[4 * i] = (float) left;
            boxes[4 * i + 1] = (float) top;
            boxes[4 * i + 2] = (float) (left + width);
            boxes[4 * i + 3] = (float) (top + height);
        }
        return boxes;
    }

    @Benchmark
    public int[] nms() {
        return Nms.keep(boxes, scores, 0.5);
    }

    /** Forward and backward. */
    @Benchmark
    public double roiAlign() {
        try (var step = new Scope()) {
            Tensor sum = align.of(map, regions, 1.0 / STRIDE).sum();
            sum.gradient(map);
            return sum.item();
        }
    }
}
