package dev.fovea.io;

import dev.fovea.engine.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The names that a PyTorch file of tensors may use, and what each of them makes of values. Nothing else is known. */
final class TorchGlobals {

    static final String ORDERED_DICT = "collections.OrderedDict";

    private static final Set<String> TYPES = Set.of(
            "float32",
            "float64",
            "float16",
            "bfloat16",
            "int64",
            "int32",
            "int16",
            "int8",
            "uint8",
            "bool",
            "complex64",
            "complex128",
            "float",
            "double",
            "half",
            "long",
            "int",
            "short");

    /** The type of a storage's elements. */
    enum Element {
        FLOAT("FloatStorage", DType.FLOAT32),
        DOUBLE("DoubleStorage", DType.FLOAT64),
        HALF("HalfStorage", DType.FLOAT16),
        BFLOAT16("BFloat16Storage", DType.BFLOAT16),
        LONG("LongStorage", DType.INT64),
        INT("IntStorage", DType.INT32),
        BYTE("ByteStorage", DType.UINT8),
        BOOL("BoolStorage", DType.BOOL),
        /** Widened to INT32. */
        SHORT("ShortStorage", 2, DType.INT32),
        /** Widened to INT32. */
        CHAR("CharStorage", 1, DType.INT32);

        private final String word;
        private final int bytes;
        private final DType type;

        Element(String word, DType type) {
            this(word, type.bytes(), type);
        }

        Element(String word, int bytes, DType type) {
            this.word = word;
            this.bytes = bytes;
            this.type = type;
        }

        /** Of one element in the file. */
        int bytes() {
            return bytes;
        }

        /** Of the tensor that is made of it. */
        DType type() {
            return type;
        }

        boolean widened() {
            return bytes != type.bytes();
        }
    }

    /** Elements one after another in the file, {@code offset} elements into what {@code key} names. */
    record Storage(String key, Element element, long offset, long count) {}

    /** A view of a storage, checked to lie in it. */
    record View(Storage storage, long offset, List<Long> shape, List<Long> strides) {

        /** The number of its elements. */
        long elements() {
            return shape.stream().reduce(1L, (a, b) -> a * b);
        }

        /** Elements of the storage from its first to its last. */
        long extent() {
            if (elements() == 0) {
                return 0;
            }
            long extent = 1;
            for (int i = 0; i < shape.size(); i++) {
                extent += (shape.get(i) - 1) * strides.get(i);
            }
            return extent;
        }

        /** Whether its elements lie one after another in row-major order. */
        boolean contiguous() {
            long step = 1;
            for (int i = shape.size() - 1; i >= 0; i--) {
                if (shape.get(i) != 1 && strides.get(i) != step) {
                    return false;
                }
                step *= shape.get(i);
            }
            return true;
        }
    }

    /** An allowed name. */
    record Named(String name) {

        Object call(Path file, List<Object> arguments) {
            try {
                return switch (name) {
                    case ORDERED_DICT -> ORDERED_DICT;
                    case "torch.Size" -> list(arguments.get(0));
                    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> view(arguments);
                    case "torch._utils._rebuild_parameter" -> as(View.class, arguments.get(0));
                    default -> throw new FormatException("%s: it calls '%s', which is a type".formatted(file, name));
                };
            } catch (ClassCastException | IndexOutOfBoundsException | ArithmeticException e) {
                throw new FormatException(
                        "%s: damaged: '%s' is called with what does not suit it".formatted(file, name));
            } catch (FaultException e) {
                throw new FormatException("%s: damaged: %s".formatted(file, e.getMessage()));
            }
        }
    }

    private static final class FaultException extends RuntimeException {
        FaultException(String message) {
            super(message);
        }
    }

    private static final Map<String, Element> STORAGES =
            Arrays.stream(Element.values()).collect(Collectors.toMap(element -> "torch." + element.word, e -> e));

    private static final Set<String> CALLABLE = Set.of(
            ORDERED_DICT,
            "torch.Size",
            "torch._utils._rebuild_tensor",
            "torch._utils._rebuild_tensor_v2",
            "torch._utils._rebuild_parameter");

    private TorchGlobals() {}

    /** @throws FormatException that names it, if it is not allowed */
    static Named of(Path file, String module, String name) {
        String full = module + "." + name;
        boolean type = module.equals("torch") && TYPES.contains(name);
        if (!type && !CALLABLE.contains(full) && !STORAGES.containsKey(full)) {
            throw new FormatException(
                    "%s: refused: it names '%s', which is no part of plain tensors, and nothing of it was run. Save the state dictionary alone: torch.save(model.state_dict(), file)"
                            .formatted(file, Escaped.of(full)));
        }
        return new Named(full);
    }

    /** What a persistent id of PyTorch stands for: {@code ('storage', type, key, device, count)}; any device will do. */
    static Storage storage(Path file, List<Object> id) {
        try {
            if (!"storage".equals(id.get(0))) {
                throw new FormatException(
                        "%s: damaged or foreign: it refers to something that is no storage".formatted(file));
            }
            String type = as(Named.class, id.get(1)).name();
            Element element = Optional.ofNullable(STORAGES.get(type))
                    .orElseThrow(() -> new FormatException("%s: damaged: '%s' is no storage".formatted(file, type)));
            String key = as(String.class, id.get(2));
            var whole = new Storage(key, element, 0, count(id.get(4)));
            if (id.size() > 5 && id.get(5) != null) { // of earlier versions: a part of another storage
                List<Object> part = list(id.get(5));
                whole = new Storage(key, element, count(part.get(1)), count(part.get(2)));
            }
            bytes(whole.offset() + whole.count(), element);
            return whole;
        } catch (ClassCastException | IndexOutOfBoundsException | ArithmeticException | FaultException e) {
            throw new FormatException(
                    "%s: damaged: the description of a storage is not as PyTorch writes it".formatted(file));
        }
    }

    static long bytes(long elements, Element element) {
        return Math.multiplyExact(elements, (long) element.bytes());
    }

    private static View view(List<Object> arguments) {
        Storage storage = as(Storage.class, arguments.get(0));
        long offset = count(arguments.get(1));
        List<Long> shape = counts(arguments.get(2));
        List<Long> strides = counts(arguments.get(3));
        if (shape.size() != strides.size() || shape.size() > 64) {
            throw new FaultException("a tensor has %s sizes and %s strides".formatted(shape.size(), strides.size()));
        }
        long elements = 1;
        long last = 0;
        for (int i = 0; i < shape.size(); i++) {
            elements = Math.multiplyExact(elements, shape.get(i));
            last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape.get(i) - 1), strides.get(i)));
        }
        Math.multiplyExact(elements, Double.BYTES);
        long end = elements == 0 ? offset : Math.addExact(Math.addExact(offset, last), 1);
        if (end > storage.count()) {
            throw new FaultException("a tensor of the shape %s ends at element %s of a storage of %s"
                    .formatted(Escaped.of(shape), end, storage.count()));
        }
        return new View(storage, offset, shape, strides);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return as(List.class, value);
    }

    private static <T> T as(Class<T> type, Object value) {
        if (!type.isInstance(value)) {
            throw new ClassCastException("expected " + type.getSimpleName()); // null too
        }
        return type.cast(value);
    }

    private static List<Long> counts(Object value) {
        var counts = new ArrayList<Long>();
        for (Object each : list(value)) {
            counts.add(count(each));
        }
        return List.copyOf(counts);
    }

    private static long count(Object value) {
        long count = as(Long.class, value);
        if (count < 0) {
            throw new FaultException("a size or an offset is negative: %s".formatted(count));
        }
        return count;
    }
}
