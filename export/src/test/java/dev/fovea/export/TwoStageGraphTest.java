package dev.fovea.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.models.DetectionNet;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.TwoStageNet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TwoStageGraphTest {

    private static final int SIDE = 96;

    @TempDir
    private Path folder;

    static List<ModelEntry> entries() {
        return Rows.all().stream()
                .filter(entry -> entry.name().contains("rcnn"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void findsTheObjectsThatTheNetworkFinds(ModelEntry entry) {
        var net = (TwoStageNet) Rows.net(entry);
        for (int opset : new int[] {13, 17, 18}) {
            var setting = new Setting(1, SIDE, SIDE, 3);
            var limits = new DetectionNet.Limits(0.05, 0.5, 30);
            Path file = folder.resolve("model.onnx");
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                Signature signature = Signatures.of(net, Rows.image(entry), Rows.CLASSES);
                OnnxGraph graph = TwoStageGraph.of(
                        net,
                        signature,
                        setting,
                        limits,
                        opset,
                        stage -> new TwoStageGraph.Stage(
                                stage.signature(), NetGraph.of(net, stage.signature(), SIDE, SIDE, false, opset)));
                OnnxWriter.write(
                        file,
                        new OnnxModel(
                                OnnxMetadata.format(opset), "fovea", "", Map.of("", (long) opset), graph, Map.of()));
                Tensor images = signature.example(setting).get(0);
                DetectionNet.Found wanted = net.detect(images, limits).get(0);
                try (var session = new ExportedFile(file, 1)) {
                    same(session.run(Map.of("images", images)), wanted);
                }
            }
        }
    }

    private static void same(List<Tensor> found, DetectionNet.Found wanted) {
        assertThat(wanted.count()).isPositive();
        assertThat(found.get(0).toFloats()).containsExactly(wanted.boxes(), within(1e-2f));
        assertThat(found.get(1).toFloats()).containsExactly(wanted.scores(), within(1e-4f));
        assertThat(found.get(2).toLongs())
                .containsExactly(
                        java.util.Arrays.stream(wanted.labels()).asLongStream().toArray());
    }
}
