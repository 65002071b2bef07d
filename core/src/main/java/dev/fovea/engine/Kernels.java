package dev.fovea.engine;

import java.util.Arrays;
import java.util.function.Function;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.IntType;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/** What {@link Op}'s kernels need to speak to libtorch, and those of them that take more than a line. */
final class Kernels {

    static final Op.Many RECURRENT = (x, a) -> recurrent(x, a, null);

    static final Op.Many RECURRENT_PACKED =
            (x, a) -> recurrent(concatenated(x[0], Arrays.copyOfRange(x, 2, x.length)), a, x[1]);

    static final Op.Many SYMMETRIC_EIGEN = (x, a) -> {
        try (var pair = torch.linalg_eigh(x[0])) {
            return new Tensor[] {owned(pair.get0()), owned(pair.get1())};
        }
    };

    static final Op.Many QR = (x, a) -> {
        try (var pair = torch.linalg_qr(x[0])) {
            return new Tensor[] {owned(pair.get0()), owned(pair.get1())};
        }
    };

    static final Op.Many CALL = (x, a) -> call(a.get(0, String.class), a.get(1, Object[].class), x);

    private Kernels() {}

    static TensorOptions options(DType type) {
        return new TensorOptions(type.scalarType);
    }

    /** Of a tensor that is made from nothing, which has no values while {@link NoValues} is open. */
    static TensorOptions made(DType type) {
        return NoValues.open() ? options(type).device(Device.META.optional()) : options(type);
    }

    static TensorOptions options(Random random) {
        return options(DType.FLOAT32).device(random.device().optional());
    }

    static TensorOptional optional(Tensor tensor) {
        return tensor == null ? new TensorOptional() : new TensorOptional(tensor);
    }

    static ScalarOptional scalar(double value) {
        return new ScalarOptional(new Scalar(value));
    }

    static Random random(Attributes attributes) {
        return attributes.get(0, Random.class);
    }

    static long[] sizes(Tensor tensor) {
        long[] sizes = new long[(int) tensor.dim()];
        Arrays.setAll(sizes, tensor::size);
        return sizes;
    }

    /**
     * A handle of its own on a tensor that a tuple, a vector or another tensor holds: the binding gives but the address
     * inside the holder, which is nothing once that is gone or holds something else.
     */
    static Tensor owned(Tensor held) {
        return new Tensor(held);
    }

    /** What has no values is all zeros elsewhere. */
    static Tensor moved(Tensor x, Device device) {
        if (x.is_meta() && device.kind() != Device.Kind.META) {
            return torch.zeros(sizes(x), options(DType.of(x.scalar_type())).device(device.optional()));
        }
        return x.to(
                new ScalarTypeOptional(),
                new LayoutOptional(),
                device.optional(),
                new BoolOptional(),
                false,
                false,
                new MemoryFormatOptional());
    }

    /** Until it is closed a vector holds its tensors. */
    static Tensor joined(Tensor[] x, Function<TensorVector, Tensor> join) {
        try (var all = new TensorVector(x)) {
            return join.apply(all);
        }
    }

    static Tensor copied(Object values, long[] shape) {
        Tensor copy = filled(values, shape);
        return NoValues.open() ? moved(copy, Device.META) : copy;
    }

    private static Tensor filled(Object values, long[] shape) {
        if (values instanceof float[] floats) {
            try (var data = new FloatPointer(floats)) {
                return torch.from_blob(data, shape, options(DType.FLOAT32)).clone();
            }
        }
        if (values instanceof double[] doubles) {
            try (var data = new DoublePointer(doubles)) {
                return torch.from_blob(data, shape, options(DType.FLOAT64)).clone();
            }
        }
        try (var data = new LongPointer((long[]) values)) {
            return torch.from_blob(data, shape, options(DType.INT64)).clone();
        }
    }

    /**
     * @param x the sequences, the first states (of an LSTM two), the weights
     * @param sizes of packed sequences, or null
     */
    private static Tensor[] recurrent(Tensor[] x, Attributes a, Tensor sizes) {
        String kind = a.get(0, String.class);
        int states = kind.equals("lstm") ? 2 : 1;
        long layers = a.whole(1);
        boolean both = a.flag(2);
        boolean train = a.flag(3);
        try (var weights = new TensorVector(Arrays.copyOfRange(x, 1 + states, x.length));
                var first = new TensorVector(Arrays.copyOfRange(x, 1, 1 + states))) {
            if (kind.equals("lstm")) {
                try (var all = sizes == null
                        ? torch.lstm(x[0], first, weights, true, layers, 0, train, both, true)
                        : torch.lstm(x[0], sizes, first, weights, true, layers, 0, train, both)) {
                    return new Tensor[] {owned(all.get0()), owned(all.get1()), owned(all.get2())};
                }
            }
            boolean gru = kind.equals("gru");
            try (var all = sizes == null
                    ? gru
                            ? torch.gru(x[0], x[1], weights, true, layers, 0, train, both, true)
                            : torch.rnn_tanh(x[0], x[1], weights, true, layers, 0, train, both, true)
                    : gru
                            ? torch.gru(x[0], sizes, x[1], weights, true, layers, 0, train, both)
                            : torch.rnn_tanh(x[0], sizes, x[1], weights, true, layers, 0, train, both)) {
                return new Tensor[] {owned(all.get0()), owned(all.get1())};
            }
        }
    }

    private static Tensor[] concatenated(Tensor first, Tensor[] rest) {
        Tensor[] all = new Tensor[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    /** Stands, among the arguments of {@link Op#CALL}, for so many inputs from {@code first} on. */
    record Place(int first, int count, boolean list) {
        @Override
        public String toString() {
            return list ? "%s tensors".formatted(count) : "tensor";
        }
    }

    private static Tensor[] call(String operator, Object[] arguments, Tensor[] x) {
        int dot = operator.indexOf('.');
        String name = dot < 0 ? operator : operator.substring(0, dot);
        String overload = dot < 0 ? "" : operator.substring(dot + 1);
        try (var stack = new IValueVector();
                var handle = Dispatcher.singleton().findSchemaOrThrow(name, overload)) {
            for (Object argument : arguments) {
                stack.push_back(value(argument, x));
            }
            handle.callBoxed(stack);
            var outputs = new java.util.ArrayList<Tensor>();
            for (long i = 0; i < stack.size(); i++) {
                IValue value = stack.get(i);
                if (value.isTensor()) {
                    outputs.add(owned(value.toTensor()));
                } else if (value.isTensorList()) {
                    for (Tensor tensor : value.toTensorVector().get()) {
                        outputs.add(owned(tensor));
                    }
                }
            }
            return outputs.toArray(Tensor[]::new);
        }
    }

    private static IValue value(Object argument, Tensor[] x) {
        if (argument instanceof Place place) {
            return place.list() ? list(x, place) : new IValue(x[place.first()]);
        }
        return plain(argument);
    }

    /** Of what is no tensor. */
    static IValue plain(Object argument) {
        if (argument == null) {
            return new IValue();
        }
        if (argument instanceof Boolean flag) {
            return new IValue(flag);
        }
        if (argument instanceof Double || argument instanceof Float) {
            return new IValue(((Number) argument).doubleValue());
        }
        if (argument instanceof Number number) {
            return new IValue(number.longValue());
        }
        if (argument instanceof long[] numbers) {
            var list = new GenericList(new Type.TypePtr(IntType.getIntTypePtr().get()));
            for (long number : numbers) {
                list.push_back(new IValue(number));
            }
            return new IValue(list);
        }
        if (argument instanceof String word) {
            return new IValue(word);
        }
        throw new IllegalArgumentException(
                "call: takes tensors, lists of tensors, numbers, flags, words, long[] and null, got "
                        + argument.getClass().getSimpleName());
    }

    private static IValue list(Tensor[] x, Place place) {
        var list = new GenericList(new Type.TypePtr(TensorType.get()));
        for (int i = 0; i < place.count(); i++) {
            list.push_back(new IValue(x[place.first() + i]));
        }
        return new IValue(list);
    }
}
