package dev.fovea.models;

import dev.fovea.engine.Device;
import dev.fovea.engine.Random;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import dev.fovea.nn.detect.AnchorGrid;
import dev.fovea.nn.detect.Anchors;
import dev.fovea.nn.detect.BoxCoder;
import dev.fovea.nn.detect.MaxIou;
import dev.fovea.nn.detect.Nms;
import dev.fovea.nn.detect.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The region proposal network of Faster R-CNN (Ren et al. 2015, <a href="https://arxiv.org/abs/1506.01497">1506.01497</a>, section
 * 3.1): at each place of a pyramid whether an anchor holds an object of any class, and its box.
 */
final class ProposalNet extends Net {

    private static final double BETA = 1 / 9.0;
    static final double LEAST_SIDE = 1e-3;
    static final double OVERLAP = 0.7;
    private static final MaxIou ASSIGNMENT = new MaxIou(0.7, 0.3, MaxIou.Rescue.BEST_BOXES);
    private static final BoxCoder CODER = BoxCoder.Deltas.plain();

    private final AnchorGrid grid;
    private final Sampling sampling;
    private final Layer shared;
    private final Layer objectness;
    private final Layer deltas;

    /**
     * A network.
     *
     * @param width channels of the pyramid
     * @param depth convolutions before the two outputs
     * @param sampling of the anchors that a step learns from
     */
    ProposalNet(AnchorGrid grid, int width, int depth, Sampling sampling) {
        this.grid = grid;
        this.sampling = sampling;
        shared = HeadParts.blocks(depth, width, width, Optional.empty());
        objectness = HeadParts.conv(width, grid.at(0), 1);
        deltas = HeadParts.conv(width, grid.at(0) * 4, 1);
        var head = new Parts(Map.of("conv", shared, "cls_logits", objectness, "bbox_pred", deltas));
        HeadParts.small(head.state());
        add("head", head);
    }

    /**
     * What the head gives.
     *
     * @param logits of an object, [N, anchors]
     * @param deltas [N, anchors, 4]
     */
    record Raw(Tensor logits, Tensor deltas, Anchors anchors, int height, int width) {}

    /** Of maps of images of that size. */
    Raw raw(List<Tensor> maps, Tensor images) {
        int height = (int) images.size(2);
        int width = (int) images.size(3);
        List<Tensor> outputs = outputs(maps);
        return new Raw(outputs.get(0).squeeze(2), outputs.get(1), grid.of(maps, height, width), height, width);
    }

    /** Boxes of all anchors, [N, anchors, 4]. */
    static Tensor places(Raw raw) {
        return CODER.decode(raw.deltas(), raw.anchors().tensor(raw.deltas().device()));
    }

    /** Logits [N, anchors, 1] and deltas [N, anchors, 4]. */
    List<Tensor> outputs(List<Tensor> maps) {
        var logits = new ArrayList<Tensor>();
        var moves = new ArrayList<Tensor>();
        for (Tensor map : maps) {
            Tensor x = shared.forward(map);
            logits.add(HeadParts.places(objectness.forward(x), 1));
            moves.add(HeadParts.places(deltas.forward(x), 4));
        }
        return List.of(Tensor.cat(logits, 1), Tensor.cat(moves, 1));
    }

    /**
     * Boxes in which an object could be, the best first.
     *
     * @param most of each map before, and of all after duplicates are left out
     * @param least probability of an object
     * @return of each image {@code [4 boxes]}
     */
    List<float[]> proposals(Raw raw, int most, double least) {
        float[] logits = raw.logits().detach().toFloats();
        int anchors = raw.anchors().count();
        int[] offsets = raw.anchors().offsets();
        var proposals = new ArrayList<float[]>();
        for (int image = 0; image < raw.logits().size(0); image++) {
            int[] places = new int[anchors];
            int[] levels = new int[anchors];
            int size = 0;
            for (int level = 0; level + 1 < offsets.length; level++) {
                int from = image * anchors + offsets[level];
                int to = image * anchors + offsets[level + 1];
                int[] order = Nms.order(Arrays.copyOfRange(logits, from, to));
                for (int i = 0; i < Math.min(most, order.length); i++) {
                    levels[size] = level;
                    places[size++] = offsets[level] + order[i];
                }
            }
            proposals.add(kept(raw, image, Arrays.copyOf(places, size), levels, logits, most, least));
        }
        return proposals;
    }

    private static float[] kept(
            Raw raw, int image, int[] places, int[] levels, float[] logits, int most, double least) {
        Device device = raw.deltas().device();
        long[] rows = Arrays.stream(places).asLongStream().toArray();
        Tensor own = raw.deltas()
                .detach()
                .select(0, image)
                .indexSelect(0, Tensor.of(rows, rows.length).to(device));
        Tensor references =
                Tensor.of(raw.anchors().at(places), places.length, 4).to(device);
        float[] boxes = CODER.decode(own, references).toFloats();
        var candidates = new TopCandidates(raw.height(), raw.width());
        for (int i = 0; i < places.length; i++) {
            float score =
                    (float) (1 / (1 + Math.exp(-logits[image * raw.anchors().count() + places[i]])));
            if (score >= (float) least) {
                candidates.addLarge(boxes, i, levels[i], score, LEAST_SIDE);
            }
        }
        Candidates left = candidates.candidates();
        int[] kept = Nms.keep(left.boxes(), left.scores(), left.labels(), OVERLAP, most);
        float[] best = new float[4 * kept.length];
        for (int i = 0; i < kept.length; i++) {
            System.arraycopy(left.boxes(), 4 * kept[i], best, 4 * i, 4);
        }
        return best;
    }

    Map<String, Tensor> losses(Raw raw, List<ObjectsOfImage> objects, Random random) {
        Anchors anchors = raw.anchors();
        var learned = new Learned(anchors.count());
        float[] counted = new float[objects.size() * anchors.count()];
        float[] wanted = new float[counted.length];
        int drawn = 0;
        for (int image = 0; image < objects.size(); image++) {
            ObjectsOfImage own = objects.get(image);
            int[] assigned = own.withoutIgnored(ASSIGNMENT.assign(anchors.boxes(), own.boxes()), anchors.boxes());
            int[] chosen = new int[assigned.length];
            Arrays.fill(chosen, MaxIou.IGNORED);
            Sampling.Sample sample = sampling.draw(assigned, random);
            for (int i : sample.all()) {
                chosen[i] = assigned[i];
                counted[image * assigned.length + i] = 1;
                wanted[image * assigned.length + i] = assigned[i] >= 0 ? 1 : 0;
                drawn++;
            }
            learned.add(image, chosen, own, anchors.boxes(), 1);
        }
        double total = Math.max(1, drawn);
        Device device = raw.logits().device();
        Tensor logits = raw.logits().reshape(-1);
        Tensor entropy = logits.softplus()
                .sub(logits.mul(Tensor.of(wanted, wanted.length).to(device)));
        Tensor target = CODER.encode(learned.boxes(device), learned.references(device));
        var losses = new LinkedHashMap<String, Tensor>();
        losses.put(
                "objectnessLoss",
                entropy.mul(Tensor.of(counted, counted.length).to(device)).sum().div(total));
        losses.put(
                "proposalLoss",
                HeadParts.smooth(learned.rows(raw.deltas()), target, BETA).div(total));
        return losses;
    }
}
