package dev.fovea.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.models.ModelEntry;
import dev.fovea.nn.Module;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RegistryTest {

    private static final int OPSET = 17;

    @TempDir
    private Path folder;

    static List<ModelEntry> entries() {
        return Rows.all();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void onnxRuntimeGivesWhatTheNetworkGives(ModelEntry entry) {
        int side = Rows.side(entry);
        Path file = folder.resolve("model.onnx");
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Module net = Rows.net(entry);
            Signature signature = Signatures.of(net, Rows.image(entry), Rows.CLASSES);
            boolean anySize = signature.takesSizes();
            OnnxGraph graph;
            try {
                graph = NetGraph.of(net, signature, side, side, anySize, OPSET);
            } catch (SizeDependentException e) {
                anySize = false;
                graph = NetGraph.of(net, signature, side, side, false, OPSET);
            }
            OnnxWriter.write(file, new OnnxModel(8, "fovea", "", Map.of("", (long) OPSET), graph, Map.of()));
            var one = new Setting(1, side, side, 9);
            var settings =
                    new ArrayList<>(List.of(one, anySize ? one.withBatch(4).larger(3, 1) : one.withBatch(4)));
            if (anySize && new Passes(net, signature).taken(one.grown(5, 7)).isPresent()) {
                settings.add(one.grown(5, 7));
            }
            assertThat(Comparison.of(file, signature, settings)).isLessThan(1e-4);
        }
    }
}
