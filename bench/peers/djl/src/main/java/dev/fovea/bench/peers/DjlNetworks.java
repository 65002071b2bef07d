package dev.fovea.bench.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;
import java.util.function.UnaryOperator;

/** torchvision's networks for images of 3x224x224 and 10 classes, from DJL's own blocks. */
final class DjlNetworks {

    private static final int CLASSES = 10;

    private DjlNetworks() {}

    static Block vgg16() {
        var net = new SequentialBlock();
        for (String stage : List.of("64 64", "128 128", "256 256 256", "512 512 512", "512 512 512")) {
            for (String channels : stage.split(" ")) {
                net.add(conv(Integer.parseInt(channels), 3, 1, 1, true)).add(Activation.reluBlock());
            }
            net.add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
        }
        net.add(Blocks.batchFlattenBlock());
        for (int i = 0; i < 2; i++) {
            net.add(linear(4096))
                    .add(Activation.reluBlock())
                    .add(Dropout.builder().optRate(0.5f).build());
        }
        return net.add(linear(CLASSES));
    }

    static Block resNet50() {
        var net = new SequentialBlock()
                .add(convNorm(64, 7, 2, 1, Activation::relu))
                .add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1)));
        int[] repeats = {3, 4, 6, 3};
        for (int stage = 0; stage < repeats.length; stage++) {
            for (int i = 0; i < repeats[stage]; i++) {
                net.add(bottleneck(64 << stage, i == 0 && stage > 0 ? 2 : 1, i == 0));
            }
        }
        return net.add(Pool.globalAvgPool2dBlock()).add(linear(CLASSES));
    }

    private static Block bottleneck(int width, int stride, boolean projects) {
        Block branch = new SequentialBlock()
                .add(convNorm(width, 1, 1, 1, Activation::relu))
                .add(convNorm(width, 3, stride, 1, Activation::relu))
                .add(convNorm(4 * width, 1, 1, 1, null));
        Block shortcut = projects ? convNorm(4 * width, 1, stride, 1, null) : Blocks.identityBlock();
        return new SequentialBlock().add(sum(branch, shortcut)).add(Activation.reluBlock());
    }

    static Block mobileNetV3() {
        String[] lines = {
            "3 16 16 - RE 1", "3 64 24 - RE 2", "3 72 24 - RE 1", "5 72 40 SE RE 2", "5 120 40 SE RE 1",
            "5 120 40 SE RE 1", "3 240 80 - HS 2", "3 200 80 - HS 1", "3 184 80 - HS 1", "3 184 80 - HS 1",
            "3 480 112 SE HS 1", "3 672 112 SE HS 1", "5 672 160 SE HS 2", "5 960 160 SE HS 1", "5 960 160 SE HS 1"
        };
        var net = new SequentialBlock().add(convNorm(16, 3, 2, 1, DjlNetworks::hardSwish));
        int in = 16;
        for (String line : lines) {
            String[] words = line.split(" ");
            int mid = Integer.parseInt(words[1]);
            int out = Integer.parseInt(words[2]);
            UnaryOperator<NDArray> function = words[4].equals("RE") ? Activation::relu : DjlNetworks::hardSwish;
            Block gate = words[3].equals("SE")
                    ? squeezeExcitation(mid, divisible(mid / 4), Activation::relu, DjlNetworks::hardSigmoid)
                    : null;
            net.add(inverted(
                    in, mid, out, Integer.parseInt(words[0]), Integer.parseInt(words[5]), function, gate));
            in = out;
        }
        return net.add(convNorm(960, 1, 1, 1, DjlNetworks::hardSwish))
                .add(Pool.globalAvgPool2dBlock())
                .add(linear(1280))
                .add(of(DjlNetworks::hardSwish))
                .add(Dropout.builder().optRate(0.2f).build())
                .add(linear(CLASSES));
    }

    static Block efficientNetB0() {
        int[][] lines = { // widening, kernel, stride, channels, repeats
            {1, 3, 1, 16, 1}, {6, 3, 2, 24, 2}, {6, 5, 2, 40, 2}, {6, 3, 2, 80, 3}, {6, 5, 1, 112, 3}, {6, 5, 2, 192, 4},
            {6, 3, 1, 320, 1}
        };
        UnaryOperator<NDArray> silu = DjlNetworks::silu;
        var net = new SequentialBlock().add(convNorm(32, 3, 2, 1, silu));
        int in = 32;
        for (int[] line : lines) {
            for (int i = 0; i < line[4]; i++) {
                int mid = in * line[0];
                Block gate = squeezeExcitation(mid, in / 4, silu, DjlNetworks::sigmoid);
                net.add(inverted(in, mid, line[3], line[1], i == 0 ? line[2] : 1, silu, gate));
                in = line[3];
            }
        }
        return net.add(convNorm(1280, 1, 1, 1, silu))
                .add(Pool.globalAvgPool2dBlock())
                .add(Dropout.builder().optRate(0.2f).build())
                .add(linear(CLASSES));
    }

    private static Block inverted(
            int in, int mid, int out, int kernel, int stride, UnaryOperator<NDArray> function, Block gate) {
        var branch = new SequentialBlock();
        if (mid != in) {
            branch.add(convNorm(mid, 1, 1, 1, function));
        }
        branch.add(convNorm(mid, kernel, stride, mid, function));
        if (gate != null) {
            branch.add(gate);
        }
        branch.add(convNorm(out, 1, 1, 1, null));
        return stride == 1 && in == out ? sum(branch, Blocks.identityBlock()) : branch;
    }

    private static Block squeezeExcitation(
            int channels, int squeezed, UnaryOperator<NDArray> function, UnaryOperator<NDArray> gate) {
        Block factors = new SequentialBlock()
                .add(Pool.globalAvgPool2dBlock())
                .add(of(x -> x.reshape(x.getShape().get(0), channels, 1, 1)))
                .add(conv(squeezed, 1, 1, 1, true))
                .add(of(function))
                .add(conv(channels, 1, 1, 1, true))
                .add(of(gate));
        return new ParallelBlock(
                branches -> new NDList(
                        branches.get(0).head().mul(branches.get(1).head())),
                List.of(Blocks.identityBlock(), factors));
    }

    static Block vitB16() {
        int width = 768;
        var net = new SequentialBlock()
                .add(Conv2d.builder()
                        .setFilters(width)
                        .setKernelShape(new Shape(16, 16))
                        .optStride(new Shape(16, 16))
                        .build())
                .add(of(x -> x.reshape(x.getShape().get(0), width, -1).transpose(0, 2, 1)))
                .add(new Tokens(196, width));
        for (int i = 0; i < 12; i++) {
            net.add(sum(
                    Blocks.identityBlock(),
                    new SequentialBlock().add(norm()).add(linear(3 * width)).add(of(x -> attention(x, 12))).add(
                            linear(width))));
            net.add(sum(
                    Blocks.identityBlock(),
                    new SequentialBlock()
                            .add(norm())
                            .add(linear(4 * width))
                            .add(Activation.geluBlock())
                            .add(linear(width))));
        }
        return net.add(norm()).add(of(x -> x.get(":, 0"))).add(linear(CLASSES));
    }

    private static Block norm() {
        return LayerNorm.builder().optEpsilon(1e-6f).axis(2).build();
    }

    /** Of queries, keys and values side by side, [N, L, 3 D] to [N, L, D]. */
    private static NDArray attention(NDArray x, int heads) {
        long count = x.getShape().get(0);
        long length = x.getShape().get(1);
        long each = x.getShape().get(2) / 3 / heads;
        NDArray parts = x.reshape(count, length, 3, heads, each).transpose(2, 0, 3, 1, 4);
        NDArray scores = parts.get(0)
                .matMul(parts.get(1).transpose(0, 1, 3, 2))
                .mul(1 / Math.sqrt(each));
        return scores.softmax(3).matMul(parts.get(2)).transpose(0, 2, 1, 3).reshape(count, length, heads * each);
    }

    /** Puts the class token before the patches and adds the positions. */
    private static final class Tokens extends AbstractBlock {

        private final Parameter token;
        private final Parameter positions;

        Tokens(int patches, int width) {
            token = addParameter(parameter("token", new Shape(1, 1, width)));
            positions = addParameter(parameter("positions", new Shape(1, patches + 1, width)));
        }

        private static Parameter parameter(String name, Shape shape) {
            return Parameter.builder()
                    .setName(name)
                    .setType(Parameter.Type.WEIGHT)
                    .optShape(shape)
                    .build();
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
            NDArray x = inputs.head();
            NDArray first = store.getValue(token, x.getDevice(), training)
                    .repeat(0, x.getShape().get(0));
            return new NDList(first.concat(x, 1).add(store.getValue(positions, x.getDevice(), training)));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputs) {
            return new Shape[] {new Shape(inputs[0].get(0), inputs[0].get(1) + 1, inputs[0].get(2))};
        }

        @Override
        protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {}
    }

    private static Block sum(Block a, Block b) {
        return new ParallelBlock(
                branches -> new NDList(
                        branches.get(0).head().add(branches.get(1).head())),
                List.of(a, b));
    }

    private static Block of(UnaryOperator<NDArray> function) {
        return LambdaBlock.singleton(function::apply);
    }

    private static Block linear(int out) {
        return Linear.builder().setUnits(out).build();
    }

    private static Block convNorm(int out, int kernel, int stride, int groups, UnaryOperator<NDArray> function) {
        var block = new SequentialBlock()
                .add(conv(out, kernel, stride, groups, false))
                .add(BatchNorm.builder().build());
        return function == null ? block : block.add(of(function));
    }

    private static Block conv(int out, int kernel, int stride, int groups, boolean bias) {
        return Conv2d.builder()
                .setFilters(out)
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .optGroups(groups)
                .optBias(bias)
                .build();
    }

    private static NDArray sigmoid(NDArray x) {
        return Activation.sigmoid(x);
    }

    private static NDArray silu(NDArray x) {
        return Activation.swish(x, 1);
    }

    private static NDArray hardSigmoid(NDArray x) {
        return x.add(3).clip(0, 6).div(6);
    }

    private static NDArray hardSwish(NDArray x) {
        return x.mul(hardSigmoid(x));
    }

    /** To a multiple of 8, as the paper rounds. */
    private static int divisible(int channels) {
        int rounded = Math.max(8, (channels + 4) / 8 * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }
}
