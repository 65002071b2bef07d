package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.ConvTranspose2d;
import dev.fovea.nn.Init;
import dev.fovea.nn.Initializer;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.detect.Regions;
import dev.fovea.nn.detect.RoiAlign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where in a region each of a person's keypoints is, as COCO has them (Mask R-CNN, He et al. 2017, <a
 * href="https://arxiv.org/abs/1703.06870">1703.06870</a>, section 5): [R, C, 14, 14] to [R, 17, 56, 56], logits of the place.
 */
final class KeypointHead {

    static final int SIDE = 14;

    private static final int POINTS = 17;
    private static final int MAP = 4 * SIDE;
    private static final int CONVOLUTIONS = 8;
    private static final RoiAlign ALIGN = new RoiAlign(SIDE, SIDE, 2, false);

    private final Layer head;
    private final Layer larger;

    KeypointHead(int width) {
        var layers = new ArrayList<Layer>();
        for (int i = 0; i < CONVOLUTIONS; i++) {
            layers.add(HeadParts.conv(i == 0 ? width : 2 * width, 2 * width, 3));
            layers.add(HeadParts.relu());
        }
        head = new Sequential(layers);
        larger = new ConvTranspose2d(2 * width, POINTS, Conv2d.Window.of(4, 2, 1), 0);
        for (Layer layer : List.of(head, larger)) {
            Init.HE_NORMAL_FAN_OUT.ofConvolutions(layer.state());
            layer.state().initializer(Initializer.ZEROS, (name, bias) -> name.equals("bias"));
        }
    }

    /** By torchvision's names. */
    Map<String, Module> parts() {
        var parts = new LinkedHashMap<String, Module>();
        parts.put("keypoint_head", head);
        parts.put("keypoint_predictor", new Parts(Map.of("kps_score_lowres", larger)));
        return parts;
    }

    Tensor logits(Tensor pooled) {
        return larger.forward(head.forward(pooled)).to(DType.FLOAT32).upsampleBilinear(MAP, MAP);
    }

    /**
     * How surely each visible point is at its place.
     *
     * @param regions those of {@code chosen} that learn an object
     * @param points of each object of the batch; none if they are not known
     */
    Tensor loss(
            List<Tensor> maps,
            double[] scales,
            Regions regions,
            RegionHeads.Chosen chosen,
            List<ObjectsOfImage> objects,
            float[] points) {
        int[] positives = chosen.positives();
        if (positives.length == 0 || points.length == 0) {
            return maps.get(0).sum().mul(0);
        }
        long[] rows = new long[positives.length * POINTS];
        long[] cells = new long[rows.length];
        int visible = 0;
        for (int i = 0; i < positives.length; i++) {
            int object = objects.get(chosen.image(positives[i])).positions()[chosen.object(positives[i])];
            for (int point = 0; point < POINTS; point++) {
                int at = 3 * (object * POINTS + point);
                int x = cell(points[at], regions.boxes()[4 * i], regions.boxes()[4 * i + 2]);
                int y = cell(points[at + 1], regions.boxes()[4 * i + 1], regions.boxes()[4 * i + 3]);
                if (points[at + 2] > 0 && x >= 0 && y >= 0 && x < MAP && y < MAP) {
                    rows[visible] = (long) i * POINTS + point;
                    cells[visible++] = (long) y * MAP + x;
                }
            }
        }
        Tensor found = logits(ALIGN.of(maps, scales, regions)).reshape(-1, MAP * MAP);
        if (visible == 0) {
            return found.sum().mul(0);
        }
        Device device = found.device();
        return found.indexSelect(
                        0, Tensor.of(Arrays.copyOf(rows, visible), visible).to(device))
                .crossEntropy(Tensor.of(Arrays.copyOf(cells, visible), visible).to(device), List.of(), 0);
    }

    private static int cell(float at, float low, float high) {
        return at == high ? MAP - 1 : (int) Math.floor((at - low) * (MAP / (high - low)));
    }

    /** With keypoints: of each the most probable place, and its logit. */
    List<DetectionNet.Found> found(List<Tensor> maps, double[] scales, List<DetectionNet.Found> found) {
        Regions regions =
                Regions.of(found.stream().map(DetectionNet.Found::boxes).toList());
        if (regions.count() == 0) {
            return found;
        }
        Tensor logits = logits(ALIGN.of(maps, scales, regions)).to(Device.CPU);
        var pointed = new ArrayList<DetectionNet.Found>();
        int at = 0;
        for (DetectionNet.Found own : found) {
            float[] points = new float[own.count() * POINTS * 3];
            for (int i = 0; i < own.count(); i++) {
                highest(logits.narrow(0, at, 1), regions.boxes(), at++, points, i * POINTS * 3);
            }
            pointed.add(own.withKeypoints(points));
        }
        return pointed;
    }

    /** The highest place of each map [1, 17, 56, 56] when it is laid over its box. */
    private static void highest(Tensor map, float[] boxes, int box, float[] into, int first) {
        float width = Math.max(1, boxes[4 * box + 2] - boxes[4 * box]);
        float height = Math.max(1, boxes[4 * box + 3] - boxes[4 * box + 1]);
        int columns = (int) Math.ceil(width);
        int rows = (int) Math.ceil(height);
        float[] laid;
        try (var scope = new Scope()) {
            laid = map.upsampleBicubic(rows, columns, false).toFloats();
        }
        for (int point = 0; point < POINTS; point++) {
            int from = point * rows * columns;
            int best = from;
            for (int i = from; i < from + rows * columns; i++) {
                best = laid[i] > laid[best] ? i : best;
            }
            int cell = best - from;
            into[first + 3 * point] = (cell % columns + 0.5f) * (width / columns) + boxes[4 * box];
            into[first + 3 * point + 1] = (cell / columns + 0.5f) * (height / rows) + boxes[4 * box + 1];
            into[first + 3 * point + 2] = laid[best];
        }
    }
}
