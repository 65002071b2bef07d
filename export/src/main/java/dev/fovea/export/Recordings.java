package dev.fovea.export;

import dev.fovea.engine.Op;
import dev.fovea.engine.Random;
import dev.fovea.engine.Recorder.Call;
import dev.fovea.engine.Recorder.Value;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Module;
import dev.fovea.nn.Net;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A network as the same operations in several recordings: with other values, with another batch, and, where the network takes
 * it, with images of other sizes: of one that is a multiple of what networks divide by, and of uneven ones.
 *
 * @param first the recording that the others equal
 */
record Recordings(List<Step> steps, Recording first, List<Setting> settings) {

    private static final int FEW = 1;
    private static final int MORE = 2;

    /**
     * @param anySize whether the size of the images is to be free
     * @throws NotExportableException if the network runs other operations for other values or another batch
     * @throws SizeDependentException if it runs others for another size, or takes none
     */
    static Recordings of(Passes passes, int height, int width, boolean anySize) {
        var names = new IdentityHashMap<Object, String>();
        name("", passes.net(), names);
        var usual = new Setting(FEW, height, width, 1);
        var settings = new ArrayList<>(
                List.of(usual, usual.withSeed(2), usual.withSeed(3).withBatch(MORE)));
        var all = new ArrayList<>(settings.stream().map(passes::of).toList());
        Recording first = all.get(0);
        compare(first, all.get(1), names, Other.VALUES);
        compare(first, all.get(2), names, Other.BATCH);
        if (anySize) {
            settings.add(usual.withSeed(4).withBatch(MORE).larger(1, 2));
            try {
                all.add(passes.of(settings.get(3)));
            } catch (RuntimeException e) {
                throw new SizeDependentException("the network takes no other size (%s)".formatted(e.getMessage()));
            }
            compare(first, all.get(3), names, Other.SIZE);
            // Halves that are rounded up are all odd for one side, those that are rounded down for the other
            for (Setting uneven :
                    List.of(usual.withSeed(5).uneven(1, -1), usual.withSeed(6).uneven(-1, 1))) {
                passes.taken(uneven).ifPresent(recording -> {
                    compare(first, recording, names, Other.SIZE);
                    settings.add(uneven);
                    all.add(recording);
                });
            }
        }
        List<Step> steps = IntStream.range(0, first.calls().size())
                .mapToObj(i -> new Step(
                        all.stream().map(one -> one.calls().get(i)).toList(),
                        path(first.calls().get(i), names)))
                .toList();
        return new Recordings(steps, first, List.copyOf(settings));
    }

    private static void name(String path, Module module, Map<Object, String> names) {
        names.put(module, path);
        if (module instanceof Net net) {
            net.children().forEach((name, child) -> name(path.isEmpty() ? name : path + "." + name, child, names));
        }
    }

    /** The name of the innermost layer that has one. */
    private static String path(Call call, Map<Object, String> names) {
        return call.layers().stream().map(names::get).filter(Objects::nonNull).reduce("", (outer, inner) -> inner);
    }

    /** What is other in a recording. */
    private enum Other {
        VALUES("the values of its input"),
        BATCH("how many images it sees at once"),
        SIZE("the size of the images");

        private final String words;

        Other(String words) {
            this.words = words;
        }

        RuntimeException differs(String place, String difference) {
            String sentence = "%s: what it computes depends on %s (%s)".formatted(place, words, difference);
            return this == SIZE
                    ? new SizeDependentException(sentence)
                    : new NotExportableException(
                            sentence + ", so no graph fits all. Choose between tensors with where, not in Java");
        }
    }

    private static void compare(Recording one, Recording other, Map<Object, String> names, Other what) {
        for (int i = 0; i < one.calls().size(); i++) {
            Call call = one.calls().get(i);
            if (call.op() == Op.READ) {
                throw new NotExportableException(
                        "%s: reads values of a tensor and goes on in Java, which no graph shows. Compute with tensors alone"
                                .formatted(place(call, names)));
            }
            if (i == other.calls().size()) {
                throw what.differs(place(call, names), call.op() + " here, nothing there");
            }
            Call counterpart = other.calls().get(i);
            String difference = difference(call, counterpart);
            if (difference.isEmpty() && what == Other.VALUES && !Arrays.deepEquals(values(call), values(counterpart))) {
                difference = "other numbers of " + call.op();
            }
            if (!difference.isEmpty()) {
                throw what.differs(place(call, names), difference);
            }
        }
        if (one.calls().size() < other.calls().size()) {
            Call call = other.calls().get(one.calls().size());
            throw what.differs(place(call, names), "nothing here, %s there".formatted(call.op()));
        }
        compareGiven(one, other, what);
    }

    private static String place(Call call, Map<Object, String> names) {
        String path = path(call, names);
        return path.isEmpty() ? "the network" : path;
    }

    private static void compareGiven(Recording one, Recording other, Other what) {
        one.given().forEach((number, tensor) -> {
            if (one.inputs().contains(number) || one.weights().containsKey(number)) {
                return;
            }
            Tensor counterpart = other.given().get(number);
            if (counterpart == null || !tensor.toBytes().equals(counterpart.toBytes())) {
                throw what.differs(
                        "the network", "another tensor %s that no operation made".formatted(tensor.description()));
            }
        });
    }

    /** What no graph for both can say: another operation, other tensors, other numbers but sizes. */
    private static String difference(Call one, Call other) {
        if (one.op() != other.op()) {
            return "%s here, %s there".formatted(one.op(), other.op());
        }
        if (!numbers(one.inputs()).equals(numbers(other.inputs()))
                || !numbers(one.outputs()).equals(numbers(other.outputs()))) {
            return "%s of other tensors".formatted(one.op());
        }
        if (IntStream.range(0, one.inputs().size())
                        .anyMatch(i -> one.inputs().get(i).shape().size()
                                != other.inputs().get(i).shape().size())
                || one.attributes().values().size()
                        != other.attributes().values().size()) {
            return "%s of other dimensions".formatted(one.op());
        }
        for (int i = 0; i < one.attributes().values().size(); i++) {
            Object a = one.attributes().values().get(i);
            Object b = other.attributes().values().get(i);
            boolean whole = a instanceof Long && b instanceof Long
                    || a instanceof long[] x && b instanceof long[] y && x.length == y.length && one.op() != Op.OF;
            if (!whole && !(a instanceof Random) && !Arrays.deepEquals(new Object[] {a}, new Object[] {b})) {
                return "other %s of %s".formatted(one.op().names().get(i), one.op());
            }
        }
        return "";
    }

    private static Object[] values(Call call) {
        return call.attributes().values().stream()
                .filter(value -> !(value instanceof Random))
                .toArray();
    }

    private static List<Integer> numbers(List<Value> values) {
        return values.stream().map(Value::number).toList();
    }
}
