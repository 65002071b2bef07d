package dev.fovea.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Constant;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TFloat32;

/**
 * TensorFlow-Java in graph mode: the graph is built once, a step is one {@code Session.run} of its update.
 *
 * <p>The update is the graph that tensorflow-framework's {@code Adam} builds (gradients, {@code ApplyAdam} per
 * variable, the powers of beta), written out because that library has no release for this core.
 *
 * <p>Settings: intra-op threads = cores, inter-op threads = 2 ({@code peer.interop}; trials found it a little
 * faster than 1, as the gradients of a layer's input and weights do not wait for each other); NHWC, the layout its CPU
 * kernels want; oneDNN on, its default ({@code TF_ENABLE_ONEDNN_OPTS}); XLA off, which trials found several times slower.
 * With precision {@code bf16} the graph rewriter {@code auto_mixed_precision_onednn_bfloat16} is on.
 */
final class TensorFlowPeer implements Peer.Training {

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final List<Variable<TFloat32>> variables = new ArrayList<>();
    private final List<Operand<TFloat32>> initial = new ArrayList<>();
    private final List<Operand<TFloat32>> statistics = new ArrayList<>();
    private final Random random = new Random(0);
    private final Session session;
    private final Session.Runner update;
    private final TFloat32 images;
    private final TFloat32 labels;
    private float last;

    private TensorFlowPeer(Peer.Arguments arguments) {
        int batch = arguments.batch();
        Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(batch, 32, 32, 3)));
        Placeholder<TFloat32> y = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(batch, 10)));
        // The sparse operator has no gradient in C++, which is where Java gets its gradients from.
        Operand<TFloat32> logits =
                switch (arguments.model()) {
                    case "cifar-cnn" -> cifarCnn(x);
                    case "resnet18-32" -> resNet18(x);
                    default -> throw arguments.unknownModel();
                };
        var losses = tf.nn.softmaxCrossEntropyWithLogits(logits, y);
        Operand<TFloat32> loss = tf.math.mean(losses.loss(), tf.constant(0));
        List<Operand<TFloat32>> updates = adam(loss, 1e-3f);

        session = new Session(graph, config(arguments));
        initialize();
        images = TFloat32.tensorOf(
                Shape.of(batch, 32, 32, 3), DataBuffers.of(channelsLast(Peer.images(batch), batch)));
        labels = TFloat32.tensorOf(Shape.of(batch, 10), DataBuffers.of(oneHot(Peer.labels(batch))));
        update = session.runner().feed(x, images).feed(y, labels).fetch(loss);
        updates.forEach(update::addTarget);
        statistics.forEach(update::addTarget);
    }

    public static void main(String[] args) throws Exception {
        Peer.run(
                "tensorflow",
                Peer.jarVersion(TensorFlow.class, "tensorflow-core-api") + " (TensorFlow " + TensorFlow.version() + ")",
                args,
                TensorFlowPeer::new);
    }

    @Override
    public long parameters() {
        return variables.stream().mapToLong(v -> v.shape().size()).sum();
    }

    @Override
    public void step() {
        try (var result = update.run()) {
            last = ((TFloat32) result.get(0)).getFloat();
        }
    }

    @Override
    public double loss() {
        return last;
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }

    private static ConfigProto config(Peer.Arguments arguments) {
        var rewriter = RewriterConfig.newBuilder();
        if (arguments.precision().equals("bf16")) {
            rewriter.setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON);
        }
        return ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(arguments.threads())
                .setInterOpParallelismThreads(Integer.getInteger("peer.interop", 2))
                .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(rewriter))
                .build();
    }

    private Operand<TFloat32> cifarCnn(Operand<TFloat32> x) {       // (N, 32, 32, 3)
        x = maxPool(conv(x, 3, 32));                                // (N, 15, 15, 32)
        x = maxPool(conv(x, 32, 64));                               // (N, 6, 6, 64)
        x = conv(x, 64, 64);                                        // (N, 4, 4, 64)
        x = tf.reshape(x, tf.constant(new int[] {-1, 1024}));       // (N, 1024)
        x = tf.nn.relu(linear(x, 1024, 64));
        return linear(x, 64, 10);                                   // (N, 10), logits
    }

    /** torchvision's, but for the side on which an odd row of padding lies, which changes no size. */
    private Operand<TFloat32> resNet18(Operand<TFloat32> x) {       // (N, 32, 32, 3)
        x = tf.nn.relu(batchNorm(conv(x, 3, 64, 7, 2, "SAME"), 64)); // (N, 16, 16, 64)
        x = tf.nn.maxPool(x, tf.constant(new int[] {1, 3, 3, 1}), tf.constant(new int[] {1, 2, 2, 1}), "SAME");
        int in = 64;
        for (int stage = 0; stage < 4; stage++) {
            int out = 64 << stage;
            x = residual(x, in, out, stage == 0 ? 1 : 2);
            x = residual(x, out, out, 1);
            in = out;
        }
        return linear(tf.math.mean(x, tf.constant(new int[] {1, 2})), 512, 10); // (N, 10), logits
    }

    /** {@code relu(branch(x) + shortcut(x))}. */
    private Operand<TFloat32> residual(Operand<TFloat32> x, int in, int out, int stride) {
        Operand<TFloat32> y = tf.nn.relu(batchNorm(conv(x, in, out, 3, stride, "SAME"), out));
        y = batchNorm(conv(y, out, out, 3, 1, "SAME"), out);
        Operand<TFloat32> shortcut = stride == 1 ? x : batchNorm(conv(x, in, out, 1, stride, "SAME"), out);
        return tf.nn.relu(tf.math.add(y, shortcut));
    }

    private Operand<TFloat32> batchNorm(Operand<TFloat32> x, int channels) {
        Shape shape = Shape.of(channels);
        Variable<TFloat32> scale = state(shape, 1);
        variables.add(scale);
        Operand<TFloat32> none = tf.constant(new float[0]);
        var norm = tf.nn.fusedBatchNorm(
                x, scale, variable(shape, 0), none, none, FusedBatchNorm.isTraining(true), FusedBatchNorm.epsilon(1e-5f));
        average(state(shape, 0), norm.batchMean());
        average(state(shape, 1), norm.batchVariance());
        return norm.y();
    }

    /** Running statistics move a tenth of the way to those of the batch. */
    private void average(Variable<TFloat32> running, Operand<TFloat32> value) {
        statistics.add(tf.assignSub(running, tf.math.mul(tf.math.sub(running, value), tf.constant(0.1f))));
    }

    private Operand<TFloat32> conv(Operand<TFloat32> x, int in, int out, int kernel, int stride, String padding) {
        var weight = variable(Shape.of(kernel, kernel, in, out), kernel * kernel * in);
        return tf.nn.conv2d(x, weight, List.of(1L, (long) stride, (long) stride, 1L), padding);
    }

    private Operand<TFloat32> conv(Operand<TFloat32> x, int in, int out) {
        Operand<TFloat32> y = conv(x, in, out, 3, 1, "VALID");
        return tf.nn.relu(tf.nn.biasAdd(y, variable(Shape.of(out), 0)));
    }

    private Operand<TFloat32> linear(Operand<TFloat32> x, int in, int out) {
        return tf.nn.biasAdd(tf.linalg.matMul(x, variable(Shape.of(in, out), in)), variable(Shape.of(out), 0));
    }

    private Operand<TFloat32> maxPool(Operand<TFloat32> x) {
        var two = tf.constant(new int[] {1, 2, 2, 1});
        return tf.nn.maxPool(x, two, two, "VALID");
    }

    /** He's initial values, or zeros where {@code fanIn} is 0. */
    private Variable<TFloat32> variable(Shape shape, int fanIn) {
        var values = new float[(int) shape.size()];
        if (fanIn > 0) {
            double scale = Math.sqrt(2.0 / fanIn);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (scale * random.nextGaussian());
            }
        }
        Variable<TFloat32> variable = tf.variable(shape, TFloat32.class);
        variables.add(variable);
        initial.add(tf.assign(variable, tf.constant(shape, DataBuffers.of(values))));
        return variable;
    }

    private Variable<TFloat32> state(Shape shape, float value) {
        Variable<TFloat32> variable = tf.variable(shape, TFloat32.class);
        initial.add(tf.assign(variable, tf.fill(tf.constant(shape.asArray()), tf.constant(value))));
        return variable;
    }

    private List<Operand<TFloat32>> adam(Operand<TFloat32> loss, float lr) {
        Constant<TFloat32> beta1 = tf.constant(0.9f);
        Constant<TFloat32> beta2 = tf.constant(0.999f);
        Variable<TFloat32> power1 = state(Shape.scalar(), 0.9f);
        Variable<TFloat32> power2 = state(Shape.scalar(), 0.999f);
        Gradients gradients = tf.gradients(loss, variables);
        var updates = new ArrayList<Operand<TFloat32>>();
        for (int i = 0; i < variables.size(); i++) {
            Variable<TFloat32> variable = variables.get(i);
            Shape shape = variable.shape();
            updates.add(tf.train.applyAdam(
                    variable, state(shape, 0), state(shape, 0), power1, power2,
                    tf.constant(lr), beta1, beta2, tf.constant(1e-8f), gradients.<TFloat32>dy(i)));
        }
        var after = tf.withControlDependencies(updates.stream().<org.tensorflow.op.Op>map(u -> u).toList());
        updates.add(after.assign(power1, after.math.mul(power1, beta1)));
        updates.add(after.assign(power2, after.math.mul(power2, beta2)));
        return updates;
    }

    private void initialize() {
        var runner = session.runner();
        initial.forEach(runner::addTarget);
        runner.run().close();
    }

    private static float[] oneHot(int[] labels) {
        var result = new float[labels.length * 10];
        for (int i = 0; i < labels.length; i++) {
            result[i * 10 + labels[i]] = 1;
        }
        return result;
    }

    private static float[] channelsLast(float[] channelsFirst, int batch) {
        var result = new float[channelsFirst.length];
        for (int n = 0; n < batch; n++) {
            for (int c = 0; c < 3; c++) {
                for (int p = 0; p < 1024; p++) {
                    result[(n * 1024 + p) * 3 + c] = channelsFirst[(n * 3 + c) * 1024 + p];
                }
            }
        }
        return result;
    }
}
