package dev.fovea.bench.peers;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import java.util.List;

/**
 * Deep Java Library on its PyTorch engine, from its own blocks.
 *
 * <p>Settings: intra-op threads = cores and one inter-op thread ({@code ai.djl.pytorch.num_threads} and
 * {@code num_interop_threads}, DJL's "Inference performance optimization" page); the eager graph has nothing to
 * run side by side, and a second pool only takes time from the first. libtorch here brings MKL and oneDNN and uses
 * them by default; {@code ai.djl.pytorch.use_mkldnn} cannot train (its arrays are refused by the loss). DJL offers no
 * autocast for training, so fp32 only.
 */
final class DjlPeer implements Peer.Training {

    private final Model model = Model.newInstance("peer");
    private final NDManager data;
    private final Trainer trainer;
    private final Loss softmaxCrossEntropy = Loss.softmaxCrossEntropyLoss();
    private final NDList images;
    private final NDList labels;
    private NDArray last;

    private DjlPeer(Peer.Arguments arguments) {
        if (!arguments.precision().equals("fp32")) {
            throw new IllegalArgumentException("this peer trains in fp32, got precision=" + arguments.precision());
        }
        int batch = arguments.batch();
        model.setBlock(
                switch (arguments.model()) {
                    case "cifar-cnn" -> cifarCnn();
                    case "resnet18-32" -> resNet18();
                    case "row-lstm" -> rowLstm();
                    case "vgg16" -> DjlNetworks.vgg16();
                    case "resnet50" -> DjlNetworks.resNet50();
                    case "vit_b_16" -> DjlNetworks.vitB16();
                    case "efficientnet_b0" -> DjlNetworks.efficientNetB0();
                    case "mobilenet_v3_large" -> DjlNetworks.mobileNetV3();
                    default -> throw arguments.unknownModel();
                });
        var config = new DefaultTrainingConfig(softmaxCrossEntropy)
                .optInitializer(new XavierInitializer(), Parameter.Type.WEIGHT)
                .optOptimizer(Adam.builder()
                        .optLearningRateTracker(Tracker.fixed(1e-3f))
                        .build());
        trainer = model.newTrainer(config);
        boolean rows = arguments.model().equals("row-lstm");
        int side = arguments.model().equals("cifar-cnn") || arguments.model().equals("resnet18-32") ? 32 : 224;
        Shape shape = rows ? new Shape(batch, 28, 28) : new Shape(batch, 3, side, side);
        trainer.initialize(shape);
        data = model.getNDManager().newSubManager();
        images = new NDList(data.create(rows ? Peer.rows(batch) : Peer.images(batch, side), shape));
        labels = new NDList(data.create(Peer.labels(batch), new Shape(batch, 1)));
    }

    public static void main(String[] args) throws Exception {
        var arguments = Peer.Arguments.parse(args);
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", "" + arguments.threads());
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        Peer.run("djl", version(), args, DjlPeer::new);
    }

    private static String version() {
        return Engine.getDjlVersion() + " (PyTorch " + Engine.getEngine("PyTorch").getVersion() + ")";
    }

    @Override
    public long parameters() {
        return model.getBlock().getParameters().values().stream()
                .filter(p -> p.getType() != Parameter.Type.RUNNING_MEAN
                        && p.getType() != Parameter.Type.RUNNING_VAR)
                .mapToLong(p -> p.getArray().size())
                .sum();
    }

    @Override
    public void step() {
        if (last != null) {
            last.close();
        }
        // All of a step's arrays hang on one manager and are freed with it, not by the garbage collector.
        try (NDManager scope = data.newSubManager()) {
            NDList input = new NDList(images.head().duplicate());
            input.attach(scope);
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDArray loss = softmaxCrossEntropy.evaluate(labels, trainer.forward(input));
                collector.backward(loss);
                last = loss;
            }
            trainer.step();
            last.attach(data);
        }
    }

    @Override
    public double loss() {
        return last.getFloat();
    }

    @Override
    public void close() {
        trainer.close();
        model.close();
    }

    static Block cifarCnn() {
        return new SequentialBlock()
                .add(conv(32, 3, 1, 0, true))
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(conv(64, 3, 1, 0, true))
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(conv(64, 3, 1, 0, true))
                .add(Activation.reluBlock())
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(64).build())
                .add(Activation.reluBlock())
                .add(Linear.builder().setUnits(10).build());
    }

    private static Block rowLstm() {
        return new SequentialBlock()
                .add(LSTM.builder()
                        .setStateSize(128)
                        .setNumLayers(1)
                        .optBatchFirst(true)
                        .optReturnState(false)
                        .build())
                .add(steps -> new NDList(steps.head().get(":, -1")))
                .add(Linear.builder().setUnits(10).build());
    }

    private static Block resNet18() {
        var net = new SequentialBlock()
                .add(conv(64, 7, 2, 3, false))
                .add(BatchNorm.builder().build())
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1)));
        for (int stage = 0; stage < 4; stage++) {
            int stride = stage == 0 ? 1 : 2;
            net.add(residual(64 << stage, stride)).add(residual(64 << stage, 1));
        }
        return net.add(Pool.globalAvgPool2dBlock())
                .add(Linear.builder().setUnits(10).build());
    }

    /** {@code relu(branch(x) + shortcut(x))}. */
    private static Block residual(int out, int stride) {
        Block branch = new SequentialBlock()
                .add(conv(out, 3, stride, 1, false))
                .add(BatchNorm.builder().build())
                .add(Activation.reluBlock())
                .add(conv(out, 3, 1, 1, false))
                .add(BatchNorm.builder().build());
        Block shortcut = stride == 1
                ? Blocks.identityBlock()
                : new SequentialBlock().add(conv(out, 1, stride, 0, false)).add(BatchNorm.builder().build());
        var sum = new ParallelBlock(
                branches -> new NDList(branches.get(0).head().add(branches.get(1).head())),
                List.of(branch, shortcut));
        return new SequentialBlock().add(sum).add(Activation.reluBlock());
    }

    private static Block conv(int out, int kernel, int stride, int padding, boolean bias) {
        return Conv2d.builder()
                .setFilters(out)
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(padding, padding))
                .optBias(bias)
                .build();
    }
}
