package dev.fovea.nn.compiled;

import dev.fovea.engine.Op;
import dev.fovea.engine.Recorder;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * All that a network computes of images of one size, whatever their number: recorded with one image and with two.
 *
 * @param constants by number: weights, and what is computed of them alone
 * @param answer about the image that it was recorded with
 * @param shapes for one image, of all that is no constant
 */
record Trace(
        List<Step> steps,
        Map<Integer, Tensor> constants,
        Map<Integer, List<Long>> shapes,
        int input,
        int output,
        Tensor answer) {

    /** What Java does with values no recorder sees; what is drawn is another each time. */
    private static final Set<Op> OWN_WAYS =
            EnumSet.of(Op.READ, Op.RAND, Op.RANDN, Op.MULTINOMIAL, Op.BACKWARD, Op.GRADIENT, Op.GRAD);

    /** What one pass has done. */
    private record Pass(List<Recorder.Call> calls, Map<Integer, Tensor> given, int input, Tensor answer, int output) {

        static Pass of(Layer net, Tensor images) {
            try (var recorder = new Recorder()) {
                int input = recorder.number(images);
                Tensor answer = net.forward(images);
                return new Pass(
                        List.copyOf(recorder.calls()),
                        Map.copyOf(recorder.given()),
                        input,
                        answer,
                        recorder.number(answer));
            }
        }
    }

    /**
     * Records {@code net}, which is in evaluation mode; the caller opens scope and no gradients.
     *
     * @param image {@code [1, C, H, W]}
     * @throws NotCompilableException if what it computes depends on what it sees
     */
    static Trace of(Layer net, Tensor image) {
        net.forward(image); // what is made once and kept, such as masks of windows, is there from now on
        Pass one = Pass.of(net, image);
        Pass two = Pass.of(net, Tensor.cat(List.of(image, image), 0));
        if (one.calls().size() != two.calls().size() || one.output() != two.output()) {
            throw new NotCompilableException("two images are computed otherwise than one");
        }
        var constants = new HashMap<Integer, Tensor>();
        one.given().forEach((number, tensor) -> {
            if (number != one.input()) {
                if (two.given().get(number) != tensor) {
                    throw new NotCompilableException("a tensor is made anew each time");
                }
                constants.put(number, tensor.detach().copy()); // whatever becomes of the weights later
            }
        });
        var trace = new Trace(new ArrayList<>(), constants, new HashMap<>(), one.input(), one.output(), one.answer());
        trace.shapes().put(one.input(), Arrays.stream(image.shape()).boxed().toList());
        for (int i = 0; i < one.calls().size(); i++) {
            trace.add(one.calls().get(i), two.calls().get(i));
        }
        return trace;
    }

    private void add(Recorder.Call one, Recorder.Call two) {
        Op op = one.op();
        List<Integer> inputs = numbers(one.inputs());
        if (op != two.op()
                || !inputs.equals(numbers(two.inputs()))
                || !numbers(one.outputs()).equals(numbers(two.outputs()))) {
            throw new NotCompilableException("two images are computed otherwise than one");
        }
        if (op.inPlace() || OWN_WAYS.contains(op)) {
            throw new NotCompilableException(op + " has no place in a fixed list of operations");
        }
        List<Object> attributes = IntStream.range(0, one.attributes().values().size())
                .mapToObj(i -> Step.general(
                        one.attributes().values().get(i),
                        two.attributes().values().get(i),
                        op))
                .toList();
        if (isConstant(one, attributes)) {
            List<Tensor> made = op.call(
                    one.attributes(), inputs.stream().map(constants::get).toArray(Tensor[]::new));
            for (int i = 0; i < made.size(); i++) {
                constants.put(one.outputs().get(i).number(), made.get(i));
            }
            return;
        }
        if (one.outputs().size() != 1) {
            throw new NotCompilableException(op + " gives several tensors");
        }
        Recorder.Value output = one.outputs().get(0);
        shapes.put(output.number(), output.shape());
        steps.add(new Step(op, attributes, inputs, output.number(), output.shape(), output.type()));
    }

    /** Whether it is the same for whatever images. */
    private boolean isConstant(Recorder.Call call, List<Object> attributes) {
        return call.inputs().stream().allMatch(value -> !value.present() || constants.containsKey(value.number()))
                && attributes.stream().noneMatch(Trace::dependsOnCount);
    }

    private static boolean dependsOnCount(Object attribute) {
        return attribute instanceof Step.PerImage
                || attribute instanceof List<?> list && list.stream().anyMatch(Step.PerImage.class::isInstance);
    }

    private static List<Integer> numbers(List<Recorder.Value> values) {
        return values.stream().map(Recorder.Value::number).toList();
    }

    /** How many steps read a tensor; what the network gives is read once more. */
    Map<Integer, Integer> readers() {
        var readers = new HashMap<Integer, Integer>();
        steps.forEach(step -> step.inputs().forEach(input -> readers.merge(input, 1, Integer::sum)));
        readers.merge(output, 1, Integer::sum);
        return readers;
    }
}
