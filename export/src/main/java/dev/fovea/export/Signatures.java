package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxValue.Dim;
import dev.fovea.export.Signature.Input;
import dev.fovea.models.AnomalyNet;
import dev.fovea.models.AutoencoderNet;
import dev.fovea.models.DiffusionNet;
import dev.fovea.models.EmbeddingNet;
import dev.fovea.models.EncoderNet;
import dev.fovea.models.GeneratorAndDiscriminator;
import dev.fovea.models.RestorationNet;
import dev.fovea.models.SingleStageNet;
import dev.fovea.models.TokenTransformer;
import dev.fovea.models.TransformCodec;
import dev.fovea.models.TwoStageNet;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Which function of a network is exported, by what kind of network it is. */
final class Signatures {

    static final String IMAGES = "images";
    static final String LOGITS = "logits";
    static final String RECONSTRUCTION = "reconstruction";

    private static final String LABELS = "labels";

    private Signatures() {}

    /**
     * @param image what it is shown: channels, of clips frames, height and width
     * @param classes that labels are of
     */
    static Signature of(Module net, Shape image, int classes) {
        if (net instanceof DiffusionNet diffusion) {
            return new Signature(
                    List.of(
                            images(image, 0),
                            Input.of("time", DType.FLOAT32, 0),
                            Input.of(LABELS, DType.INT64, diffusion.unknown() + 1L)),
                    List.of("prediction"),
                    in -> List.of(diffusion.forward(in.get(0), in.get(1), in.get(2))));
        }
        if (net instanceof GeneratorAndDiscriminator gan) {
            return new Signature(
                    List.of(
                            Input.of("noise", DType.FLOAT32, 0, Dim.of(gan.noiseSize())),
                            Input.of(LABELS, DType.INT64, Math.max(1, classes))),
                    List.of(IMAGES),
                    in -> List.of(gan.generate(in.get(0), in.get(1))));
        }
        if (net instanceof TokenTransformer transformer) {
            var tokenizer = transformer.tokenizer();
            return new Signature(
                    List.of(
                            Input.of("tokens", DType.INT64, tokenizer.codes(), Dim.of(tokenizer.length())),
                            Input.of(LABELS, DType.INT64, Math.max(1, classes))),
                    List.of(LOGITS),
                    in -> List.of(transformer.logits(in.get(0), in.get(1))));
        }
        return ofImages(net, image);
    }

    private static Signature ofImages(Module net, Shape image) {
        if (net instanceof AnomalyNet anomaly) {
            return of(image, 0, List.of("score", "map"), x -> {
                AnomalyNet.Scores scores = anomaly.score(x.get(0));
                return List.of(scores.imageScore(), scores.anomalyMap());
            });
        }
        if (net instanceof RestorationNet restoration) {
            return of(image, restoration.guided() ? 1 : 0, List.of("restored"), layer(net));
        }
        if (net instanceof SingleStageNet detector) {
            return of(image, 0, List.of("boxes", "scores"), x -> {
                SingleStageNet.Boxes boxes = detector.boxes(x.get(0));
                return List.of(boxes.places(), boxes.scores());
            });
        }
        if (net instanceof TwoStageNet detector) {
            return TwoStageGraph.first(detector, images(image, 0));
        }
        if (net instanceof AutoencoderNet || net instanceof TransformCodec) {
            return of(image, 0, List.of(RECONSTRUCTION), layer(net));
        }
        if (net instanceof EncoderNet encoder) {
            return of(image, 0, List.of("embedding"), x -> List.of(encoder.encode(x.get(0))));
        }
        return of(image, 0, List.of(net instanceof EmbeddingNet ? "embedding" : LOGITS), layer(net));
    }

    private static UnaryOperator<List<Tensor>> layer(Module net) {
        Layer layer = Layer.of(net);
        return x -> List.of(layer.forward(x.get(0)));
    }

    private static Signature of(Shape image, int more, List<String> outputs, UnaryOperator<List<Tensor>> pass) {
        return new Signature(List.of(images(image, more)), outputs, pass);
    }

    /** @param more channels behind those of the images */
    private static Input images(Shape image, int more) {
        var dims = new ArrayList<Dim>(List.of(Dim.any(Signature.BATCH), Dim.of(image.channels() + (long) more)));
        image.sizes().subList(1, image.sizes().size() - 2).forEach(size -> dims.add(Dim.of(size)));
        dims.add(Dim.any(Signature.HEIGHT));
        dims.add(Dim.any(Signature.WIDTH));
        return new Input(IMAGES, DType.FLOAT32, dims, 0);
    }
}
