package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Init;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Leaf;
import dev.fovea.nn.Net;
import dev.fovea.nn.Sequential;
import dev.fovea.nn.detect.BoxCoder;
import dev.fovea.nn.detect.MaxIou;
import dev.fovea.nn.detect.Regions;
import dev.fovea.nn.detect.RoiAlign;
import dev.fovea.nn.detect.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The second stage of {@link FasterRcnn}: of regions the class, the box, and what else is found. */
final class RegionHeads extends Net {

    private static final double BETA = 1 / 9.0;
    private static final double LEAST_SIDE = 1e-2;
    private static final int SIDE = 7;
    private static final int CONVOLUTIONS = 4;
    private static final RoiAlign ALIGN = new RoiAlign(SIDE, SIDE, 2, false);
    private static final MaxIou ASSIGNMENT = new MaxIou(0.5, 0.5, MaxIou.Rescue.NONE);
    private static final BoxCoder CODER = new BoxCoder.Deltas(10, 10, 5, 5);

    private final int columns;
    private final Sampling sampling;
    private final Layer head;
    private final Layer scores;
    private final Layer moves;
    private final Optional<MaskHead> masks;
    private final Optional<KeypointHead> keypoints;

    RegionHeads(FasterRcnn.Config config, int classes, Sampling sampling) {
        columns = classes + 1;
        this.sampling = sampling;
        head = add("box_head", head(config));
        scores = new Dense(config.hidden(), columns, true);
        moves = new Dense(config.hidden(), 4 * columns, true);
        add("box_predictor", new Parts(Map.of("cls_score", scores, "bbox_pred", moves)));
        boolean second = config.version() == 2;
        masks = config.third() == FasterRcnn.Third.MASKS
                ? Optional.of(new MaskHead(config.width(), second, columns))
                : Optional.empty();
        keypoints = config.third() == FasterRcnn.Third.KEYPOINTS
                ? Optional.of(new KeypointHead(config.width()))
                : Optional.empty();
        masks.ifPresent(found -> found.parts().forEach(this::add));
        keypoints.ifPresent(found -> found.parts().forEach(this::add));
    }

    /** [R, width, 7, 7] to [R, hidden]. */
    private static Layer head(FasterRcnn.Config config) {
        int in = config.width() * SIDE * SIDE;
        Layer flatten = Leaf.of("flatten", x -> x.flatten(1, -1));
        if (config.version() == 1) {
            return new TwoLayers(in, config.hidden());
        }
        var layers = new ArrayList<Layer>();
        IntFunction<Layer> norm = BatchNorm::new;
        for (int i = 0; i < CONVOLUTIONS; i++) {
            layers.add(HeadParts.block(config.width(), config.width(), Optional.of(norm)));
        }
        layers.addAll(List.of(flatten, new Dense(in, config.hidden(), true), HeadParts.relu()));
        var all = new Sequential(layers);
        Init.HE_NORMAL_FAN_OUT.ofConvolutions(all.state());
        return all;
    }

    /** Two dense layers. */
    private static final class TwoLayers extends Net implements Layer {

        private final Layer first;
        private final Layer second;

        TwoLayers(int in, int hidden) {
            first = add("fc6", new Dense(in, hidden, true));
            second = add("fc7", new Dense(hidden, hidden, true));
        }

        @Override
        public Tensor apply(Tensor x) {
            return second.forward(first.forward(x.flatten(1, -1)).relu()).relu();
        }
    }

    /** Cells of each map for each pixel, a power of two. */
    static double[] scales(List<Tensor> maps, Tensor images) {
        return maps.stream()
                .mapToDouble(map -> {
                    double share = map.size(2) / (double) images.size(2);
                    return Math.pow(2, Math.rint(Math.log(share) / Math.log(2)));
                })
                .toArray();
    }

    /**
     * What the heads give.
     *
     * @param logits [R, K + 1]
     * @param deltas [R, 4 (K + 1)]
     */
    record Raw(Tensor logits, Tensor deltas) {}

    Raw raw(List<Tensor> maps, Tensor images, Regions regions) {
        return raw(ALIGN.of(maps, scales(maps, images), regions));
    }

    private Raw raw(Tensor pooled) {
        Tensor x = head.forward(pooled);
        return new Raw(scores.forward(x).to(DType.FLOAT32), moves.forward(x).to(DType.FLOAT32));
    }

    /** Scores and boxes of regions, the background left out. */
    TwoStageNet.Second second(Tensor pooled, Tensor regions) {
        Raw raw = raw(pooled);
        Tensor scores = raw.logits().softmax(1);
        Tensor places =
                CODER.decode(raw.deltas().reshape(scores.size(0), columns, 4), regions.reshape(scores.size(0), 1, 4));
        return new TwoStageNet.Second(scores.narrow(1, 1, columns - 1L), places.narrow(1, 1, columns - 1L));
    }

    /** Masks or keypoints of regions, as {@link TwoStageNet#third} has them. */
    Optional<Tensor> third(Tensor pooled) {
        return masks.map(head -> head.logits(pooled).sigmoid().narrow(1, 1, columns - 1L))
                .or(() -> keypoints.map(head -> head.logits(pooled)));
    }

    /**
     * Losses of regions, the objects themselves among them.
     *
     * @param proposals of each image {@code [4 boxes]}
     */
    Map<String, Tensor> losses(
            List<Tensor> maps, Tensor images, List<float[]> proposals, List<ObjectsOfImage> objects, float[] points) {
        var chosen = new Chosen();
        for (int image = 0; image < objects.size(); image++) {
            ObjectsOfImage own = objects.get(image);
            float[] boxes = joined(proposals.get(image), own.boxes());
            int[] assigned = own.withoutIgnored(ASSIGNMENT.assign(boxes, own.boxes()), boxes);
            for (int i : sampling.draw(assigned, state().random()).all()) {
                chosen.add(image, boxes, i, own, assigned[i]);
            }
        }
        Regions regions = chosen.regions();
        Raw raw = raw(maps, images, regions);
        var losses = new LinkedHashMap<String, Tensor>();
        losses.put(
                "classLoss",
                regions.count() == 0
                        ? raw.logits().sum() // the mean of nothing is no number
                        : raw.logits().crossEntropy(chosen.labels(raw.logits().device()), List.of(), 0));
        losses.put("boxLoss", boxLoss(raw, regions, chosen));
        int[] positives = chosen.positives();
        Regions own = regions.at(positives);
        double[] scales = scales(maps, images);
        masks.ifPresent(found -> losses.put("maskLoss", found.loss(maps, scales, own, chosen, objects)));
        keypoints.ifPresent(
                found -> losses.put("keypointLoss", found.loss(maps, scales, own, chosen, objects, points)));
        return losses;
    }

    private static float[] joined(float[] first, float[] second) {
        float[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private Tensor boxLoss(Raw raw, Regions regions, Chosen chosen) {
        int[] positives = chosen.positives();
        Device device = raw.deltas().device();
        long[] rows = Arrays.stream(positives)
                .mapToLong(i -> (long) i * columns + chosen.label(i))
                .toArray();
        Tensor own = raw.deltas()
                .reshape(-1, 4)
                .indexSelect(0, Tensor.of(rows, rows.length).to(device));
        Tensor target = CODER.encode(
                Tensor.of(chosen.wanted(positives), positives.length, 4).to(device),
                Tensor.of(regions.at(positives).boxes(), positives.length, 4).to(device));
        return HeadParts.smooth(own, target, BETA).div(Math.max(1, regions.count()));
    }

    List<DetectionNet.Found> detect(List<Tensor> maps, Tensor images, Regions regions, DetectionNet.Limits limits) {
        List<DetectionNet.Found> found = boxes(raw(maps, images, regions), images, regions, limits);
        double[] scales = scales(maps, images);
        if (masks.isPresent()) {
            return masks.get().found(maps, scales, found, images);
        }
        return keypoints.isPresent() ? keypoints.get().found(maps, scales, found) : found;
    }

    private List<DetectionNet.Found> boxes(Raw raw, Tensor images, Regions regions, DetectionNet.Limits limits) {
        int count = regions.count();
        float[] scores = raw.logits().softmax(1).toFloats();
        Tensor references = Tensor.of(regions.boxes(), count, 1, 4).to(images.device());
        float[] boxes = CODER.decode(raw.deltas().reshape(count, columns, 4), references)
                .toFloats();
        var found = new ArrayList<TopCandidates>();
        for (int i = 0; i < images.size(0); i++) {
            found.add(new TopCandidates((int) images.size(2), (int) images.size(3)));
        }
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > (float) limits.score() && i % columns != 0) {
                found.get(regions.images()[i / columns]).addLarge(boxes, i, i % columns - 1, scores[i], LEAST_SIDE);
            }
        }
        return found.stream().map(own -> own.kept(limits)).toList();
    }

    /** Of so many regions of each image, all of them the whole map; of masks and keypoints means. */
    List<Tensor> trace(Tensor map, int proposals, int objects) {
        Raw raw = raw(repeated(map, SIDE, proposals));
        var all = new ArrayList<>(List.of(raw.logits(), raw.deltas()));
        masks.ifPresent(found ->
                all.add(found.logits(repeated(map, MaskHead.SIDE, objects)).mean(2, 3)));
        keypoints.ifPresent(found ->
                all.add(found.logits(repeated(map, KeypointHead.SIDE, objects)).mean(2, 3)));
        return all;
    }

    private static Tensor repeated(Tensor map, int side, int count) {
        long channels = map.size(1);
        return map.adaptiveAvgPool2d(side, side)
                .unsqueeze(1)
                .expand(-1, count, -1, -1, -1)
                .reshape(map.size(0) * count, channels, side, side);
    }

    /** The regions that a step learns from. */
    static final class Chosen {

        private final List<Integer> images = new ArrayList<>();
        private final List<float[]> boxes = new ArrayList<>();
        private final List<float[]> wanted = new ArrayList<>();
        private final List<Integer> objects = new ArrayList<>();
        private final List<Integer> labels = new ArrayList<>();

        /** Adds the {@code at}-th of some boxes, and the object that it learns, or below 0. */
        void add(int image, float[] from, int at, ObjectsOfImage own, int object) {
            float[] box = Arrays.copyOfRange(from, 4 * at, 4 * at + 4);
            images.add(image);
            boxes.add(box);
            wanted.add(object < 0 ? box : Arrays.copyOfRange(own.boxes(), 4 * object, 4 * object + 4));
            objects.add(object);
            labels.add(object < 0 ? 0 : own.labels()[object] + 1);
        }

        Regions regions() {
            return new Regions(
                    images.stream().mapToInt(Integer::intValue).toArray(),
                    flat(boxes, IntStream.range(0, boxes.size()).toArray()));
        }

        private static float[] flat(List<float[]> all, int[] positions) {
            float[] flat = new float[4 * positions.length];
            for (int i = 0; i < positions.length; i++) {
                System.arraycopy(all.get(positions[i]), 0, flat, 4 * i, 4);
            }
            return flat;
        }

        /** Those that learn an object. */
        int[] positives() {
            return IntStream.range(0, labels.size())
                    .filter(i -> labels.get(i) > 0)
                    .toArray();
        }

        int image(int region) {
            return images.get(region);
        }

        /** Of its image's. */
        int object(int region) {
            return objects.get(region);
        }

        /** From 1; 0 for the background. */
        int label(int region) {
            return labels.get(region);
        }

        Tensor labels(Device device) {
            long[] all = labels.stream().mapToLong(Integer::longValue).toArray();
            return Tensor.of(all, all.length).to(device);
        }

        /** Boxes of the objects of some regions. */
        float[] wanted(int[] positions) {
            return flat(wanted, positions);
        }
    }
}
