package dev.fovea.models;

import dev.fovea.data.Keypoints;
import dev.fovea.data.Targets;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Net;
import dev.fovea.nn.Shape;
import dev.fovea.nn.detect.AnchorGrid;
import dev.fovea.nn.detect.FeaturePyramid;
import dev.fovea.nn.detect.Regions;
import dev.fovea.nn.detect.Sampling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Detectors in two stages (Faster R-CNN, Ren et al. 2015, <a href="https://arxiv.org/abs/1506.01497">1506.01497</a>) on a feature
 * pyramid (Lin et al. 2016, <a href="https://arxiv.org/abs/1612.03144">1612.03144</a>): a {@link ProposalNet} says where objects
 * could be, and a second head looks at these regions again, for the class and the box, and in Mask R-CNN (He et al. 2017, <a
 * href="https://arxiv.org/abs/1703.06870">1703.06870</a>) for the object's pixels or its keypoints. The second versions have batch
 * norms in the heads and more convolutions (Li et al. 2021, <a href="https://arxiv.org/abs/2111.11429">2111.11429</a>).
 *
 * <p>Names, numbers and answers are torchvision's. Of K classes there are K + 1 outputs, the first the background; COCO's published
 * weights are of 90 classes, some of which have no objects, those with keypoints of one, persons.
 */
public final class FasterRcnn extends Net implements TwoStageNet {

    private static final String PAPER = "https://arxiv.org/abs/1506.01497";
    private static final String MASKS = "https://arxiv.org/abs/1703.06870";
    private static final String SECOND = "https://arxiv.org/abs/2111.11429";

    /** Proposals of an image that the second stage learns from, before they are sampled. */
    private static final int TRAINED = 2000;

    /** Objects of an image that masks and keypoints are found of, in the trace. */
    private static final int TYPICAL = 100;

    private static final Config FIRST =
            new Config("resnet50", Levels.FOUR, NormKind.FROZEN, 0, 1, 256, 1024, 1000, 0, Third.NONE);
    private static final Config MOBILE =
            new Config("mobilenet_v3_large", Levels.LAST, NormKind.FROZEN, 1e-5, 1, 256, 1024, 1000, 0.05, Third.NONE);

    /** The registered ones. */
    static final List<ModelEntry> MODELS = List.of(
            row("fasterrcnn_resnet50_fpn", FIRST, PAPER, 800, 90),
            row("fasterrcnn_resnet50_fpn_v2", FIRST.second(), SECOND, 800, 90),
            row("fasterrcnn_mobilenet_v3_large_fpn", MOBILE, PAPER, 800, 90),
            row("fasterrcnn_mobilenet_v3_large_320_fpn", MOBILE.withProposals(150), PAPER, 320, 90),
            row("maskrcnn_resnet50_fpn", FIRST.with(Third.MASKS), MASKS, 800, 90),
            row("maskrcnn_resnet50_fpn_v2", FIRST.second().with(Third.MASKS), SECOND, 800, 90),
            row("keypointrcnn_resnet50_fpn", FIRST.with(Third.KEYPOINTS), MASKS, 800, 1));

    private static ModelEntry row(String name, Config config, String paper, int side, int classes) {
        return ModelEntry.row(name, config, paper).at(3, side, side).classes(classes);
    }

    /** The maps that the pyramid stands on. */
    enum Levels {
        /** Those at strides 4, 8, 16 and 32. */
        FOUR {
            @Override
            Pyramid body(String backbone, int channels) {
                return StagedBackbone.of(backbone, channels, 4, 8, 16, 32);
            }

            @Override
            AnchorGrid anchors() {
                return new AnchorGrid(
                        List.of(List.of(32), List.of(64), List.of(128), List.of(256), List.of(512)), RATIOS);
            }
        },
        /** The first and the last of MobileNetV3's last stage, quick and blind for small objects. */
        LAST {
            @Override
            Pyramid body(String backbone, int channels) {
                if (Options.parse(backbone, Models.get(backbone).config()) instanceof MobileNetV3.Config mobile) {
                    return new MobileNetBody(mobile, channels);
                }
                throw new IllegalArgumentException(
                        "levels=last is for mobilenet_v3_large, got backbone=%s. Use levels=four".formatted(backbone));
            }

            @Override
            AnchorGrid anchors() {
                return new AnchorGrid(Collections.nCopies(3, List.of(32, 64, 128, 256, 512)), RATIOS);
            }
        };

        private static final List<Double> RATIOS = List.of(0.5, 1.0, 2.0);

        abstract Pyramid body(String backbone, int channels);

        abstract AnchorGrid anchors();
    }

    /** What is found of an object beside its class and box. */
    enum Third {
        NONE,
        MASKS,
        KEYPOINTS
    }

    /**
     * Its size.
     *
     * @param backbone a registered classifier
     * @param levels the maps of it that are taken
     * @param norm what becomes of the backbone's batch norms
     * @param eps added to the variances of frozen ones; the first version's published weights were trained with 0
     * @param version 1, or 2 for batch norms in the pyramid and the heads
     * @param width channels of the pyramid
     * @param hidden values of a region between the layers of the second stage
     * @param proposals of an image that the second stage looks at
     * @param objectness least probability of an object in a proposal
     * @param third what else is found
     */
    record Config(
            String backbone,
            Levels levels,
            NormKind norm,
            double eps,
            int version,
            int width,
            int hidden,
            int proposals,
            double objectness,
            Third third)
            implements NetConfig {

        Config {
            NetConfig.range("version", version, 1, 2);
            NetConfig.positive("width", width);
            NetConfig.positive("hidden", hidden);
            NetConfig.positive("proposals", proposals);
            NetConfig.probability("objectness", objectness);
        }

        private Config second() {
            return new Config(backbone, levels, NormKind.BATCH, 1e-5, 2, width, hidden, proposals, objectness, third);
        }

        private Config withProposals(int count) {
            return new Config(backbone, levels, norm, eps, version, width, hidden, count, objectness, third);
        }

        private Config with(Third value) {
            return new Config(backbone, levels, norm, eps, version, width, hidden, proposals, objectness, value);
        }

        @Override
        public FasterRcnn create(Shape images, int classes) {
            return new FasterRcnn(this, images.channels(), classes, Samplings.USUAL);
        }

        @Override
        public Class<?> network() {
            return DetectionNet.class;
        }

        @Override
        public Optional<String> backboneModel() {
            return Optional.of(backbone);
        }
    }

    /**
     * What a step learns from.
     *
     * @param anchors of an image, by the first stage
     * @param regions of an image, by the second
     */
    record Samplings(Sampling anchors, Sampling regions) {

        static final Samplings USUAL = new Samplings(new Sampling(256, 0.5), new Sampling(512, 0.25));
    }

    private final Config config;
    private final PyramidBackbone backbone;
    private final ProposalNet proposals;
    private final RegionHeads regions;

    /** @param channels of the images */
    FasterRcnn(Config config, int channels, int classes, Samplings samplings) {
        this.config = config;
        AnchorGrid grid = config.levels().anchors();
        backbone = add(
                "backbone",
                new PyramidBackbone(
                        config.levels().body(config.backbone(), channels),
                        config.norm(),
                        config.eps(),
                        config.width(),
                        config.version() == 2,
                        FeaturePyramid.Extra.POOL));
        proposals = add("rpn", new ProposalNet(grid, config.width(), config.version(), samplings.anchors()));
        regions = add("roi_heads", new RegionHeads(config, classes, samplings.regions()));
    }

    @Override
    public Limits limits() {
        return new Limits(0.05, 0.5, 100);
    }

    @Override
    public List<String> classLayers() {
        return List.of("roi_heads.box_predictor.", "roi_heads.mask_predictor.mask_fcn_logits.");
    }

    @Override
    public int multiple() {
        return 32;
    }

    /** All but the coarsest, which proposals alone are made from. */
    private static List<Tensor> fine(List<Tensor> maps) {
        return maps.subList(0, maps.size() - 1);
    }

    @Override
    public boolean findsMasks() {
        return config.third() == Third.MASKS;
    }

    @Override
    public boolean findsKeypoints() {
        return config.third() == Third.KEYPOINTS;
    }

    @Override
    public Map<String, Tensor> losses(Tensor images, Targets.Objects truth) {
        return losses(images, truth, numbers(truth.keypoints()));
    }

    /** Of each point x, y and 1 where somebody has marked it, else 0. */
    private static float[] numbers(List<Keypoints> keypoints) {
        int points = keypoints.isEmpty() ? 0 : keypoints.get(0).x().length;
        float[] numbers = new float[keypoints.size() * points * 3];
        for (int i = 0; i < keypoints.size(); i++) {
            Keypoints own = keypoints.get(i);
            for (int j = 0; j < points; j++) {
                int at = 3 * (i * points + j);
                numbers[at] = (float) own.x()[j];
                numbers[at + 1] = (float) own.y()[j];
                numbers[at + 2] = own.visibility()[j] == Keypoints.UNKNOWN ? 0 : 1;
            }
        }
        return numbers;
    }

    /**
     * The same with other keypoints.
     *
     * @param keypoints of each object of the batch its points, of each point x and y in pixels and 1 where it is visible, else 0,
     *     {@code [objects points 3]}; none where they are not known
     */
    Map<String, Tensor> losses(Tensor images, Targets.Objects truth, float[] keypoints) {
        List<ObjectsOfImage> objects = ObjectsOfImage.of(truth);
        List<Tensor> maps = backbone.maps(images);
        ProposalNet.Raw raw = proposals.raw(maps, images);
        var losses = new LinkedHashMap<>(proposals.losses(raw, objects, state().random()));
        List<float[]> boxes = proposals.proposals(raw, TRAINED, config.objectness());
        losses.putAll(regions.losses(fine(maps), images, boxes, objects, keypoints));
        return losses;
    }

    @Override
    public List<Found> detect(Tensor images, Limits limits) {
        List<Tensor> maps = backbone.maps(images);
        ProposalNet.Raw raw = proposals.raw(maps, images);
        Regions boxes = Regions.of(proposals.proposals(raw, config.proposals(), config.objectness()));
        return regions.detect(fine(maps), images, boxes, limits);
    }

    @Override
    public First first(Tensor images) {
        List<Tensor> maps = backbone.maps(images);
        ProposalNet.Raw raw = proposals.raw(maps, images);
        return new First(ProposalNet.places(raw), raw.logits(), raw.anchors().counts(), fine(maps));
    }

    @Override
    public int proposals() {
        return config.proposals();
    }

    @Override
    public double objectness() {
        return config.objectness();
    }

    @Override
    public double[] scales(List<Tensor> maps, Tensor images) {
        return RegionHeads.scales(maps, images);
    }

    @Override
    public Second second(Tensor pooled, Tensor boxes) {
        return regions.second(pooled, boxes);
    }

    @Override
    public Optional<Tensor> third(Tensor pooled) {
        return regions.third(pooled);
    }

    /** Proposals as they are for testing, of each image {@code [4 boxes]}. */
    List<float[]> proposals(Tensor images) {
        return proposals.proposals(
                proposals.raw(backbone.maps(images), images), config.proposals(), config.objectness());
    }

    /** {@inheritDoc} In it all regions are the whole image, as many as there are proposals, and a hundred objects. */
    @Override
    public Tensor trace(Tensor images) {
        List<Tensor> maps = backbone.maps(images);
        var all = new ArrayList<Tensor>();
        proposals.outputs(maps).forEach(output -> all.add(output.flatten(1, -1)));
        regions.trace(maps.get(0), config.proposals(), TYPICAL)
                .forEach(output -> all.add(output.reshape(images.size(0), -1)));
        return Tensor.cat(all, 1);
    }
}
