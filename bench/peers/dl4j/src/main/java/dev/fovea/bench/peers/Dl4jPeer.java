package dev.fovea.bench.peers;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Deeplearning4j on nd4j-native.
 *
 * <p>Settings: workspaces on for training and inference, and the periodic garbage collection off ("Memory
 * management", "Workspaces" in its documentation); OpenMP threads = cores, by {@code OMP_NUM_THREADS}; the build of nd4j-native
 * with oneDNN for AVX2, which trials found as fast as those for AVX-512 and without oneDNN (its extension is the
 * property {@code nd4j.extension} of the POM). The layout is the property {@code peer.layout}, {@code nchw} (default)
 * or {@code nhwc}; trials found no difference.
 */
final class Dl4jPeer implements Peer.Training {

    private final MultiLayerNetwork net;
    private final INDArray images;
    private final INDArray labels;

    private Dl4jPeer(Peer.Arguments arguments) {
        boolean rows = arguments.model().equals("row-lstm");
        if (!rows && !arguments.model().equals("cifar-cnn")) {
            throw arguments.unknownModel();
        }
        if (!arguments.precision().equals("fp32")) {
            throw new IllegalArgumentException("this peer trains in fp32, got precision=" + arguments.precision());
        }
        int batch = arguments.batch();
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        var layout = CNN2DFormat.valueOf(System.getProperty("peer.layout", "nchw").toUpperCase());
        net = new MultiLayerNetwork(rows ? rowLstm() : cifarCnn(layout));
        net.init();

        if (rows) {
            // (N, features, T)
            images = Nd4j.createFromArray(Peer.rows(batch))
                    .reshape(batch, 28, 28)
                    .permute(0, 2, 1)
                    .dup('f');
        } else {
            INDArray channelsFirst = Nd4j.createFromArray(Peer.images(batch)).reshape(batch, 3, 32, 32);
            images = layout == CNN2DFormat.NCHW
                    ? channelsFirst
                    : channelsFirst.permute(0, 2, 3, 1).dup('c');
        }
        labels = Nd4j.zeros(batch, 10);
        int[] classes = Peer.labels(batch);
        for (int i = 0; i < batch; i++) {
            labels.putScalar(i, classes[i], 1);
        }
    }

    public static void main(String[] args) throws Exception {
        var arguments = Peer.Arguments.parse(args);
        Nd4j.getEnvironment().setMaxThreads(arguments.threads());
        String version = Peer.jarVersion(MultiLayerNetwork.class, "deeplearning4j-nn");
        Peer.run("dl4j", version, args, Dl4jPeer::new);
    }

    @Override
    public long parameters() {
        return net.numParams();
    }

    @Override
    public void step() {
        net.fit(images, labels);
    }

    @Override
    public double loss() {
        return net.score();
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(0)
                .updater(new Adam(1e-3))
                .weightInit(WeightInit.XAVIER)
                .trainingWorkspaceMode(WorkspaceMode.ENABLED)
                .inferenceWorkspaceMode(WorkspaceMode.ENABLED);
    }

    private static MultiLayerConfiguration cifarCnn(CNN2DFormat layout) {
        return base().convolutionMode(ConvolutionMode.Truncate)
                .activation(Activation.RELU)
                .list()
                .layer(conv(32))
                .layer(maxPool())
                .layer(conv(64))
                .layer(maxPool())
                .layer(conv(64))
                .layer(new DenseLayer.Builder().nOut(64).build())
                .layer(output())
                .setInputType(InputType.convolutional(32, 32, 3, layout))
                .build();
    }

    private static MultiLayerConfiguration rowLstm() {
        return base().list()
                .layer(new LastTimeStep(
                        new LSTM.Builder().nOut(128).activation(Activation.TANH).build()))
                .layer(output())
                .setInputType(InputType.recurrent(28, 28))
                .build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(10)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static ConvolutionLayer conv(int out) {
        return new ConvolutionLayer.Builder(3, 3).nOut(out).build();
    }

    private static SubsamplingLayer maxPool() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }
}
