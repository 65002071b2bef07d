package dev.fovea.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.DetectionNet;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.SingleStageNet;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DetectionTailTest {

    /** So many candidates that all of them are looked at, and many end outside of the image. */
    private static final int CANDIDATES = 300;

    @TempDir
    private Path folder;

    /** DETR answers with the best class of each query alone. */
    static List<ModelEntry> entries() {
        return Rows.all().stream()
                .filter(entry -> entry.config().network() == DetectionNet.class)
                .filter(entry ->
                        !entry.name().startsWith("detr") && !entry.name().contains("rcnn"))
                .toList();
    }

    /** Scores that were not learned are nearly all the same. */
    private static void spread(SingleStageNet net) {
        var random = Random.of(new Seed(7));
        try (var noGrad = new NoGrad()) {
            net.state().parameters().forEach((name, tensor) -> {
                if (name.contains("classification_head") && name.endsWith("weight") && tensor.dims() == 4) {
                    tensor.normal_(random, 0, 0.1);
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    void findsTheObjectsThatTheNetworkFinds(ModelEntry entry) {
        var net = (SingleStageNet) Rows.net(entry);
        int side = Rows.side(entry);
        spread(net);
        Path file = folder.resolve("model.onnx");
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Signature signature = Signatures.of(net, Rows.image(entry), Rows.CLASSES);
            Tensor images = signature.example(new Setting(1, side, side, 3)).get(0);
            float[] scores = net.boxes(images).scores().toFloats();
            Arrays.sort(scores);
            var limits = new DetectionNet.Limits(scores[Math.max(0, scores.length - CANDIDATES)], 0.4, 50);
            Signature ended = net.cutsFirst() ? DetectionTail.cut(signature, side, side) : signature;
            OnnxGraph graph = DetectionTail.of(NetGraph.of(net, ended, side, side, false, 17), limits, side, side, 17);
            OnnxWriter.write(file, new OnnxModel(8, "fovea", "", Map.of("", 17L), graph, Map.of()));
            DetectionNet.Found wanted = net.detect(images, limits).get(0);
            try (var session = new ExportedFile(file, 1)) {
                List<Tensor> found = session.run(Map.of("images", images));
                assertThat(wanted.count()).isGreaterThan(3);
                assertThat(found.get(1).toFloats()).containsExactly(wanted.scores(), within(1e-4f));
                assertThat(found.get(0).toFloats()).containsExactly(wanted.boxes(), within(1e-2f));
            }
        }
    }
}
