package dev.fovea.export;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Recorder;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Module;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The operations of one pass through a network.
 *
 * @param inputs numbers of what went in
 * @param outputs numbers of what came out
 * @param weights names of the network's tensors, by number
 * @param given all that came out of no operation, by number: weights, inputs, and tables that the network holds
 */
record Recording(
        List<Recorder.Call> calls,
        List<Integer> inputs,
        List<Integer> outputs,
        Map<Integer, String> weights,
        Map<Integer, Tensor> given) {

    /** Runs {@code signature} for {@code net}, which must be in evaluation mode, without gradients. */
    static Recording of(Module net, Signature signature, Setting setting) {
        Map<String, Tensor> tensors = net.state().tensors();
        List<Tensor> examples = signature.example(setting);
        try (var scope = new Scope();
                var noGrad = new NoGrad();
                var recorder = new Recorder()) {
            List<Integer> inputs = numbers(recorder, examples);
            var weights = new HashMap<Integer, String>();
            tensors.forEach((name, tensor) -> weights.putIfAbsent(recorder.number(tensor), name));
            List<Integer> outputs = numbers(recorder, signature.pass().apply(examples));
            return new Recording(
                    List.copyOf(recorder.calls()), inputs, outputs, weights, new HashMap<>(recorder.given()));
        }
    }

    private static List<Integer> numbers(Recorder recorder, List<Tensor> tensors) {
        var numbers = new ArrayList<Integer>();
        tensors.forEach(tensor -> numbers.add(recorder.number(tensor)));
        return List.copyOf(numbers);
    }
}
