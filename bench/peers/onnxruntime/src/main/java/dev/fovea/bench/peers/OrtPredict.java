package dev.fovea.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/** ONNX Runtime's own Java API: all graph optimisations, intra-op threads = cores, a direct buffer in. */
final class OrtPredict implements Prediction.Network {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final String input;
    private final FloatBuffer images;
    private final long[] shape;

    private OrtPredict(Prediction.Arguments arguments, float[] images) throws Exception {
        var options = new OrtSession.SessionOptions();
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        options.setIntraOpNumThreads(arguments.threads());
        session = environment.createSession(arguments.file(), options);
        input = session.getInputNames().iterator().next();
        this.images = ByteBuffer.allocateDirect(4 * images.length)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(images)
                .flip();
        shape = new long[] {arguments.batch(), 3, arguments.side(), arguments.side()};
    }

    public static void main(String[] args) throws Exception {
        Prediction.run("onnxruntime", Peer.jarVersion(OrtSession.class, "onnxruntime"), args, OrtPredict::new);
    }

    @Override
    public float[] predict() throws Exception {
        try (OnnxTensor given = OnnxTensor.createTensor(environment, images, shape);
                OrtSession.Result result = session.run(Map.of(input, given))) {
            FloatBuffer scores = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] copy = new float[scores.remaining()];
            scores.get(copy);
            return copy;
        }
    }

    @Override
    public void close() throws Exception {
        session.close();
    }
}
