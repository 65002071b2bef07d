package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares what ONNX Runtime makes of a file with what the network makes, on random values. */
final class Comparison {

    private static final double TINY = 1e-12;

    private Comparison() {}

    /**
     * The largest difference, relative to the largest value of the output; of whole numbers the share that differs. NaN
     * counts as a difference without end.
     *
     * @throws NotExportableException if the runtime refuses the file, or gives another shape
     */
    static double of(Path file, Signature signature, List<Setting> settings) {
        double largest = 0;
        try (var session = new ExportedFile(file, 1)) {
            for (Setting setting : settings) {
                try (var scope = new Scope();
                        var noGrad = new NoGrad()) {
                    List<Tensor> inputs = signature.example(setting);
                    largest = Math.max(
                            largest, largest(signature, setting, inputs, session.run(named(signature, inputs))));
                }
            }
        }
        return largest;
    }

    static Map<String, Tensor> named(Signature signature, List<Tensor> inputs) {
        var named = new LinkedHashMap<String, Tensor>();
        for (int i = 0; i < inputs.size(); i++) {
            named.put(signature.inputs().get(i).name(), inputs.get(i));
        }
        return named;
    }

    private static double largest(Signature signature, Setting setting, List<Tensor> inputs, List<Tensor> found) {
        List<Tensor> wanted = signature.pass().apply(inputs);
        double largest = 0;
        for (int i = 0; i < wanted.size(); i++) {
            if (!Arrays.equals(wanted.get(i).shape(), found.get(i).shape())) {
                throw new NotExportableException("%s of %s: the network gives %s, ONNX Runtime %s"
                        .formatted(
                                signature.outputs().get(i),
                                setting,
                                wanted.get(i).description(),
                                found.get(i).description()));
            }
            double difference = difference(wanted.get(i), found.get(i));
            largest = Double.isFinite(difference) ? Math.max(largest, difference) : Double.POSITIVE_INFINITY;
        }
        return largest;
    }

    private static double difference(Tensor wanted, Tensor found) {
        if (wanted.elements() == 0) {
            return 0;
        }
        if (wanted.type() == DType.INT64) {
            return 1 - wanted.eq(found).to(DType.FLOAT32).mean().item();
        }
        Tensor expected = wanted.to(DType.FLOAT32);
        double size = Math.max(TINY, expected.abs().max().item());
        return expected.sub(found).abs().max().item() / size;
    }
}
