package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxValue.Dim;
import dev.fovea.models.DetectionNet;
import dev.fovea.models.TwoStageNet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A detector of two stages as one graph for one image: each stage as it is recorded, and between them what chooses regions
 * and takes what the maps hold within them.
 */
final class TwoStageGraph {

    private static final String REGIONS = "regions";
    private static final String POOLED = "pooled";
    private static final double LEAST_REGION = 1e-3;
    private static final double LEAST_OBJECT = 1e-2;

    /** The score of what is left out is below it, all others are above. */
    private static final float NONE = -0.5f;

    private static final Dim FOUND = Dim.any("objects");

    private final TwoStageNet net;
    private final Setting setting;
    private final UnaryOperator<Stage> recorded;
    private final Shapes shapes;

    /** A part that is recorded by itself. */
    record Stage(Signature signature, OnnxGraph graph) {}

    /**
     * Sizes that hang on the size of the images.
     *
     * @param counts anchors of each map
     * @param scales cells of each map for each pixel
     */
    private record Shapes(int[] counts, List<Double> scales, long channels) {}

    /** @param recorded gives the graph of a signature */
    private TwoStageGraph(TwoStageNet net, Setting setting, Shapes shapes, UnaryOperator<Stage> recorded) {
        this.net = net;
        this.setting = setting;
        this.shapes = shapes;
        this.recorded = recorded;
    }

    /** The first stage: boxes, logits and the maps. */
    static Signature first(TwoStageNet net, Signature.Input images) {
        int maps = maps(net, images).size();
        var names = new ArrayList<>(List.of("places", "logits"));
        for (int i = 0; i < maps; i++) {
            names.add(map(i));
        }
        return new Signature(List.of(images), names, in -> {
            TwoStageNet.First first = net.first(in.get(0));
            var all = new ArrayList<>(List.of(first.places(), first.logits()));
            all.addAll(first.maps());
            return all;
        });
    }

    private static String map(int level) {
        return "map" + level;
    }

    private static List<Tensor> maps(TwoStageNet net, Signature.Input images) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return net.first(images.example(new Setting(1, net.multiple(), net.multiple(), 0)))
                    .maps();
        }
    }

    /**
     * The whole: images [1, C, H, W] to {@code boxes} [M, 4], {@code scores} [M], {@code labels} [M], {@code image} [M] and
     * {@code masks} [M, 28, 28] or {@code heatmaps} [M, points, 56, 56].
     *
     * @param first the signature of the first stage
     * @param recorded gives the graph of a signature
     */
    static OnnxGraph of(
            TwoStageNet net,
            Signature first,
            Setting setting,
            DetectionNet.Limits limits,
            int opset,
            UnaryOperator<Stage> recorded) {
        Shapes shapes;
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor images = Tensor.zeros(1, channels(first), setting.height(), setting.width());
            TwoStageNet.First seen = net.first(images);
            List<Double> scales =
                    Arrays.stream(net.scales(seen.maps(), images)).boxed().toList();
            shapes = new Shapes(seen.counts(), scales, seen.maps().get(0).size(1));
        }
        OnnxGraph stage = recorded.apply(new Stage(first, null)).graph();
        return new TwoStageGraph(net, setting, shapes, recorded).whole(stage, limits, opset);
    }

    private static long channels(Signature first) {
        List<Dim> dims = first.inputs().get(0).dims();
        return dims.stream().filter(Dim::fixed).findFirst().orElseThrow().size();
    }

    private OnnxGraph whole(OnnxGraph first, DetectionNet.Limits limits, int opset) {
        var nodes = NodeBuilder.after(first, opset);
        nodes.within("regions");
        var regions = new Regions(nodes, setting.height(), setting.width());
        List<String> maps =
                first.outputs().stream().skip(2).map(OnnxValue::name).toList();
        String chosen = proposals(nodes, regions);
        nodes.named(chosen, "second/" + REGIONS);
        nodes.named(regions.pooled(maps, shapes.scales(), chosen, TwoStageNet.SIDE), "second/" + POOLED);
        nodes.include(inner("second/", second()));
        nodes.within("objects");
        var outputs = new ArrayList<OnnxValue>();
        outputs.add(new OnnxValue("boxes", OnnxType.FLOAT32, List.of(FOUND, Dim.of(4))));
        outputs.add(new OnnxValue("scores", OnnxType.FLOAT32, List.of(FOUND)));
        outputs.add(new OnnxValue("labels", OnnxType.INT64, List.of(FOUND)));
        outputs.add(new OnnxValue("image", OnnxType.INT64, List.of(FOUND)));
        objects(nodes, regions, limits);
        if (net.findsMasks() || net.findsKeypoints()) {
            String pooled = regions.pooled(maps, shapes.scales(), "boxes", TwoStageNet.FINE_SIDE);
            nodes.named(pooled, "third/" + POOLED);
            OnnxGraph third = inner("third/", third());
            nodes.include(third);
            outputs.add(details(nodes, third.outputs().get(0)));
        }
        OnnxValue images = first.inputs().get(0);
        var dims = new ArrayList<>(images.dims());
        dims.set(0, Dim.of(1));
        return nodes.graph(first.name(), List.of(new OnnxValue(images.name(), images.type(), dims)), outputs);
    }

    private OnnxGraph inner(String prefix, Signature signature) {
        Set<String> weights = net.state().tensors().keySet();
        return OnnxRenaming.within(recorded.apply(new Stage(signature, null)).graph(), prefix, weights::contains);
    }

    private Signature second() {
        return new Signature(
                List.of(pooled(TwoStageNet.SIDE), Signature.Input.of(REGIONS, DType.FLOAT32, 0, Dim.of(4))),
                List.of("scores", "places"),
                in -> {
                    TwoStageNet.Second second = net.second(in.get(0), in.get(1));
                    return List.of(second.scores(), second.places());
                });
    }

    private Signature third() {
        return new Signature(
                List.of(pooled(TwoStageNet.FINE_SIDE)),
                List.of(net.findsMasks() ? "masks" : "heatmaps"),
                in -> List.of(net.third(in.get(0)).orElseThrow()));
    }

    private Signature.Input pooled(int side) {
        return Signature.Input.of(POOLED, DType.FLOAT32, 0, Dim.of(shapes.channels()), Dim.of(side), Dim.of(side));
    }

    /** The regions that are looked at, [R, 4]: the best of each map, without duplicates within it. */
    private String proposals(NodeBuilder nodes, Regions regions) {
        String all = nodes.node("Squeeze", List.of("places", nodes.wholes(0)));
        String logits = nodes.node("Squeeze", List.of("logits", nodes.wholes(0)));
        int most = net.proposals();
        var boxes = new ArrayList<String>();
        var scores = new ArrayList<String>();
        int from = 0;
        for (int count : shapes.counts()) {
            String own = nodes.node(
                    "Slice", List.of(logits, nodes.wholes(from), nodes.wholes(from + count), nodes.wholes(0)));
            List<String> best = nodes.nodes("TopK", 2, List.of(own, nodes.wholes(Math.min(most, count))), "axis", 0);
            String places = nodes.node("Add", List.of(best.get(1), nodes.wholes(from)));
            String inside = regions.inside(regions.at(all, places));
            boxes.add(inside);
            scores.add(likely(
                    nodes, regions.large(inside, nodes.node("Sigmoid", List.of(best.get(0))), 2, LEAST_REGION)));
            from += count;
        }
        String places = nodes.node("Concat", boxes, "axis", 0);
        String kept = nodes.node(
                "NonMaxSuppression",
                List.of(
                        LayoutConversions.unsqueezed(places, nodes, 0),
                        LayoutConversions.unsqueezed(ofMaps(nodes, scores), nodes, 0),
                        nodes.wholes(most),
                        nodes.reals((float) TwoStageNet.OVERLAP),
                        nodes.reals(NONE)));
        String row = regions.column(kept, 2);
        String score = regions.at(nodes.node("Concat", scores, "axis", 0), row);
        return regions.at(places, regions.at(row, regions.best(score, most)));
    }

    private String likely(NodeBuilder nodes, String scores) {
        String rare = nodes.node("Less", List.of(scores, nodes.number(net.objectness(), DType.FLOAT32)));
        return nodes.node("Where", List.of(rare, nodes.number(-1, DType.FLOAT32), scores));
    }

    /** Scores of maps one behind the other as a row for each map, [maps, P], in which those of other maps are left out. */
    private String ofMaps(NodeBuilder nodes, List<String> scores) {
        int[] counts = Arrays.stream(shapes.counts())
                .map(count -> Math.min(net.proposals(), count))
                .toArray();
        int all = Arrays.stream(counts).sum();
        var rows = new ArrayList<String>();
        int before = 0;
        for (int level = 0; level < counts.length; level++) {
            String pads = nodes.wholes(before, all - before - counts[level]);
            String row = nodes.node("Pad", List.of(scores.get(level), pads, nodes.number(-1, DType.FLOAT32)));
            rows.add(LayoutConversions.unsqueezed(row, nodes, 0));
            before += counts[level];
        }
        return nodes.node("Concat", rows, "axis", 0);
    }

    /** Of each class the best boxes without duplicates, of all the most probable first. */
    private void objects(NodeBuilder nodes, Regions regions, DetectionNet.Limits limits) {
        String places = regions.inside("second/places");
        String large = regions.large(places, "second/scores", 3, LEAST_OBJECT);
        String ofClasses = nodes.node("Transpose", List.of(places), "perm", new long[] {1, 0, 2});
        String scores = LayoutConversions.unsqueezed(
                nodes.node("Transpose", List.of(large), "perm", new long[] {1, 0}), nodes, 1);
        String kept = nodes.node( // [M, 3]: class, 0, region
                "NonMaxSuppression",
                List.of(
                        ofClasses,
                        scores,
                        nodes.wholes(limits.most()),
                        nodes.reals((float) limits.iou()),
                        nodes.reals((float) limits.score())));
        String order = regions.best(nodes.node("GatherND", List.of(scores, kept)), limits.most());
        String rows = regions.at(kept, order);
        nodes.named(nodes.node("GatherND", List.of(scores, rows)), "scores");
        String place = nodes.node("Gather", List.of(rows, nodes.wholes(0, 2)), "axis", 1);
        nodes.named(nodes.node("GatherND", List.of(ofClasses, place)), "boxes");
        nodes.named(regions.column(rows, 0), "labels");
        nodes.named(regions.column(rows, 1), "image");
    }

    /** Of masks that of the object's class. */
    private OnnxValue details(NodeBuilder nodes, OnnxValue all) {
        List<Dim> dims = all.dims();
        if (net.findsKeypoints()) {
            nodes.named(all.name(), "heatmaps");
            return new OnnxValue("heatmaps", OnnxType.FLOAT32, List.of(FOUND, dims.get(1), dims.get(2), dims.get(3)));
        }
        String columns = LayoutConversions.unsqueezed("labels", nodes, 1);
        nodes.named(nodes.node("GatherND", List.of(all.name(), columns), "batch_dims", 1), "masks");
        return new OnnxValue("masks", OnnxType.FLOAT32, List.of(FOUND, dims.get(2), dims.get(3)));
    }
}
