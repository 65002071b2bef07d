package dev.fovea.export;

import dev.fovea.engine.DType;
import dev.fovea.engine.Recorder.Value;
import dev.fovea.export.OnnxValue.Dim;
import dev.fovea.nn.Module;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** From a network to its ONNX graph, by recording it. */
final class NetGraph {

    private final Recordings recorded;
    private final Signature signature;
    private final Map<Integer, Shaped> outputs = new HashMap<>();

    /** What an output is. */
    private record Shaped(DType type, List<Size> shape) {}

    private NetGraph(Recordings recorded, Signature signature) {
        this.recorded = recorded;
        this.signature = signature;
    }

    /**
     * @param height of the images
     * @param width of the images
     * @param anySize whether images of any size are to go in
     * @throws NotExportableException if what it computes is no graph, or has no form in ONNX
     * @throws SizeDependentException if it is for images of one size alone
     */
    static OnnxGraph of(Passes passes, int height, int width, boolean anySize, int opset) {
        Recordings recorded = Recordings.of(passes, height, width, anySize);
        return new NetGraph(recorded, passes.signature())
                .graph(passes.net().getClass().getSimpleName(), opset);
    }

    /** Of passes that nobody else needs. */
    static OnnxGraph of(Module net, Signature signature, int height, int width, boolean anySize, int opset) {
        return of(new Passes(net, signature), height, width, anySize, opset);
    }

    private OnnxGraph graph(String name, int opset) {
        var constants = new Constants(recorded);
        var builder = new GraphBuilder(opset, recorded, constants);
        var inputs = new ArrayList<OnnxValue>();
        for (int i = 0; i < signature.inputs().size(); i++) {
            Signature.Input input = signature.inputs().get(i);
            List<Size> shape = shape(input);
            builder.input(recorded.first().inputs().get(i), input.name(), shape);
            inputs.add(new OnnxValue(input.name(), OnnxType.of(input.type()), dims(input.name(), shape)));
            outputs.put(recorded.first().inputs().get(i), new Shaped(input.type(), shape));
        }
        for (Step step : recorded.steps()) {
            if (!constants.made(step)) {
                Conversions.write(step, builder);
            }
            for (int i = 0; i < step.first().outputs().size(); i++) {
                Value output = step.first().outputs().get(i);
                outputs.put(output.number(), new Shaped(output.type(), step.made(i)));
            }
        }
        return builder.graph(name, inputs, recorded.first().outputs(), outputs());
    }

    private List<OnnxValue> outputs() {
        return IntStream.range(0, signature.outputs().size())
                .mapToObj(i -> {
                    String name = signature.outputs().get(i);
                    Shaped shaped = outputs.get(recorded.first().outputs().get(i));
                    return new OnnxValue(name, OnnxType.of(shaped.type()), dims(name, shaped.shape()));
                })
                .toList();
    }

    private List<Size> shape(Signature.Input input) {
        return input.dims().stream()
                .map(dim -> new Size(recorded.settings().stream()
                        .map(setting -> input.size(dim, setting))
                        .toList()))
                .toList();
    }

    /** Sizes that follow the batch or the image have a name. */
    private List<Dim> dims(String name, List<Size> shape) {
        var dims = new ArrayList<Dim>();
        for (int i = 0; i < shape.size(); i++) {
            Size size = shape.get(i);
            String place = name + "_" + i;
            dims.add(size.isFixed() ? Dim.of(size.value()) : Dim.any(named(size, place)));
        }
        return dims;
    }

    private String named(Size size, String otherwise) {
        if (size.equals(setting(Setting::batch))) {
            return Signature.BATCH;
        }
        if (size.equals(setting(Setting::height))) {
            return Signature.HEIGHT;
        }
        return size.equals(setting(Setting::width)) ? Signature.WIDTH : otherwise;
    }

    private Size setting(java.util.function.ToIntFunction<Setting> number) {
        return new Size(recorded.settings().stream()
                .map(setting -> (long) number.applyAsInt(setting))
                .toList());
    }
}
