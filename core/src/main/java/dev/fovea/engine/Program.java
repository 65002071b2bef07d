package dev.fovea.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.Graph;
import org.bytedeco.pytorch.GraphExecutor;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.IntType;
import org.bytedeco.pytorch.JitNode;
import org.bytedeco.pytorch.NumberType;
import org.bytedeco.pytorch.OptionalType;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Symbol;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.Value;
import org.bytedeco.pytorch.ValueVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A fixed list of libtorch's operators with its weights, run by libtorch's interpreter in one call: nothing of it happens in
 * Java, and each tensor between is freed after its last use. Any number of threads may run it at once.
 */
public final class Program {

    /** Numbers that an operator may be given as a list of some that can be missing. */
    public record Numbers(List<Double> values) {

        public static final Numbers NONE = new Numbers(List.of());

        public Numbers {
            values = List.copyOf(values);
        }
    }

    /** A tensor, or a whole number, that a program computes. */
    public static final class Ref {

        private final Value value;
        private final boolean isTensor;

        private Ref(Value value, boolean isTensor) {
            this.value = value;
            this.isTensor = isTensor;
        }
    }

    private final GraphExecutor executor;
    private final IValueVector stack;

    private Program(GraphExecutor executor, IValueVector stack) {
        this.executor = executor;
        this.stack = stack;
    }

    /** Whether this build of libtorch has an operator, such as {@code mkldnn::_linear_pointwise}. */
    public static boolean has(String operator) {
        Engine.load();
        int dot = operator.indexOf('.');
        String name = dot < 0 ? operator : operator.substring(0, dot);
        try (var handle = Dispatcher.singleton()
                .findSchema(new org.bytedeco.pytorch.OperatorName(name, dot < 0 ? "" : operator.substring(dot + 1)))) {
            return handle.has_value();
        }
    }

    /** What the program computes from {@code input}. */
    public Tensor run(Tensor input) {
        try (var values = new IValueVector();
                var given = new IValue(input.handle())) {
            values.put(stack);
            values.put(0, given);
            torch.setGraphExecutorOptimize(false); // of this thread: there is nothing left to be gained by profiling
            executor.run(values);
            try (var first = values.get(0)) {
                return new Tensor(Kernels.owned(first.toTensor()));
            }
        } catch (RuntimeException e) {
            throw EngineException.of("compiled network", reason(e));
        }
    }

    /** The interpreter tells first where it was, and last what has happened. */
    private static RuntimeException reason(RuntimeException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .filter(line -> line.startsWith("RuntimeError: "))
                .findFirst()
                .map(line -> new RuntimeException(line.substring("RuntimeError: ".length()), e))
                .orElse(e);
    }

    /** Puts a program together, operator by operator. */
    public static final class Builder {

        private final Graph graph = new Graph();
        private final List<IValue> weights = new ArrayList<>();
        private final Ref input = tensor(graph.addInput());

        private static Ref tensor(Value value) {
            value.setType(new Type.TypePtr(TensorType.get()));
            return new Ref(value, true);
        }

        /** What it is given. */
        public Ref input() {
            return input;
        }

        /** A tensor that stays as it is. */
        public Ref weight(Tensor tensor) {
            weights.add(new IValue(tensor.handle()));
            return tensor(graph.addInput());
        }

        /** The length of a dimension. */
        public Ref size(Ref of, long dim) {
            return whole("aten::size", of.value, constant(new IValue(dim)));
        }

        /** A whole number times another. */
        public Ref times(Ref whole, long factor) {
            return whole("aten::mul", whole.value, constant(new IValue(factor)));
        }

        private Ref whole(String operator, Value... inputs) {
            Value made = node(operator, 1, inputs);
            made.setType(new Type.TypePtr(IntType.getIntTypePtr().get()));
            return new Ref(made, false);
        }

        /**
         * The tensor that an operator gives.
         *
         * @param arguments all of the schema: {@link Ref}s and lists of them, numbers, flags, words, long[], null, {@link
         *     Numbers}, lists of whole numbers of whom some are {@link Ref}s
         */
        public Ref call(String operator, Object... arguments) {
            return firstOf(1, operator, arguments);
        }

        /** The same of an operator that gives {@code outputs} tensors. */
        public Ref firstOf(int outputs, String operator, Object... arguments) {
            return tensor(node(
                    operator, outputs, Arrays.stream(arguments).map(this::value).toArray(Value[]::new)));
        }

        /** The same numbers in another type. */
        public Ref cast(Ref x, DType type) {
            return call("aten::to", x, (long) type.scalarType.value, false, false, null);
        }

        /** Every element {@code value}; some lengths may be {@link Ref}s. */
        public Ref filled(double value, Object shape, DType type) {
            return call("aten::full", shape, value, (long) type.scalarType.value, null, null, null);
        }

        private Value node(String operator, int outputs, Value... inputs) {
            JitNode node = graph.create(Symbol.fromQualString(operator), new ValueVector(inputs), outputs);
            return graph.insertNode(node).outputs().get(0);
        }

        private Value value(Object argument) {
            if (argument instanceof Ref ref) {
                return ref.value;
            }
            if (argument instanceof List<?> list) {
                boolean tensors = list.stream().allMatch(one -> one instanceof Ref ref && ref.isTensor);
                Value[] values = list.stream().map(this::value).toArray(Value[]::new);
                Type.TypePtr type = new Type.TypePtr(
                        tensors ? TensorType.get() : IntType.getIntTypePtr().get());
                return graph.insertNode(graph.createList(type, new ValueVector(values)))
                        .output();
            }
            return constant(argument instanceof Numbers numbers ? numbers(numbers) : Kernels.plain(argument));
        }

        private static IValue numbers(Numbers numbers) {
            var list = new GenericList(OptionalType.get(
                    new Type.TypePtr(NumberType.getNumberIntTypePtr().get())));
            numbers.values().forEach(number -> list.push_back(new IValue(new Scalar(number))));
            return new IValue(list);
        }

        private Value constant(IValue value) {
            return graph.insertConstant(value);
        }

        /** The program that gives {@code output}. */
        public Program giving(Ref output) {
            graph.registerOutput(output.value);
            var stack = new IValueVector();
            stack.push_back(new IValue());
            weights.forEach(stack::push_back);
            return new Program(kept(new GraphExecutor(graph, "network")), kept(stack));
        }

        /** Out of the scope that is open around this, so that it lives as long as the program. */
        private static <P extends Pointer> P kept(P pointer) {
            PointerScope around = PointerScope.getInnerScope();
            if (around != null) {
                pointer.retainReference(); // detaching gives back the reference that the scope held
                around.detach(pointer);
            }
            return pointer;
        }
    }
}
