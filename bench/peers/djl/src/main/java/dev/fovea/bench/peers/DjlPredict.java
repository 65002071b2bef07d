package dev.fovea.bench.peers;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.nio.file.Path;

/**
 * Deep Java Library's PyTorch engine with a TorchScript file, as its "Inference performance optimization" page has it: intra-op threads =
 * cores, inter-op threads = 1, oneDNN where that is its default, one predictor for all calls.
 */
final class DjlPredict implements Prediction.Network {

    private final Model model;
    private final Predictor<float[], float[]> predictor;
    private final float[] images;

    /** Images in, scores out, as arrays of Java. */
    private record Arrays(Shape shape) implements NoBatchifyTranslator<float[], float[]> {

        @Override
        public NDList processInput(TranslatorContext context, float[] input) {
            return new NDList(context.getNDManager().create(input, shape));
        }

        @Override
        public float[] processOutput(TranslatorContext context, NDList list) {
            return list.singletonOrThrow().toFloatArray();
        }

        @Override
        public Batchifier getBatchifier() {
            return null;
        }
    }

    private DjlPredict(Prediction.Arguments arguments, float[] images) throws Exception {
        this.images = images;
        model = Model.newInstance("peer");
        Path file = Path.of(arguments.file()).toAbsolutePath();
        model.load(file.getParent(), file.getFileName().toString());
        predictor = model.newPredictor(
                new Arrays(new Shape(arguments.batch(), 3, arguments.side(), arguments.side())));
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        System.setProperty(
                "ai.djl.pytorch.num_threads",
                Integer.toString(Prediction.Arguments.parse(args).threads()));
        Prediction.run("djl", Peer.jarVersion(Engine.class, "api"), args, DjlPredict::new);
    }

    @Override
    public float[] predict() throws Exception {
        return predictor.predict(images);
    }

    @Override
    public void close() {
        predictor.close();
        model.close();
    }
}
