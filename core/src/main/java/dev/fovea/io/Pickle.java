package dev.fovea.io;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The values of a pickle stream, protocols 2 to 5, as PyTorch writes them: an interpreter of the stream that knows plain
 * values and the few names of {@link TorchGlobals}. It imports nothing, calls nothing and runs nothing of what a stream
 * names; any other name is refused.
 *
 * <p>Opcodes are those of Python's {@code pickletools}, which describes each. Dictionaries become maps, lists and tuples
 * lists, whole numbers {@code Long} or {@code BigInteger}.
 */
final class Pickle {

    /** A checkpoint of 100,000 tensors has some two million. */
    private static final int MOST_VALUES = 4_000_000;

    private static final Object MARK = new Object();

    private final PickleBytes in;
    private final Function<List<Object>, Object> persistent;
    private final ArrayList<Object> stack = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();
    private int values;

    /** @param persistent gives what a persistent id, a tuple, stands for */
    Pickle(PickleBytes in, Function<List<Object>, Object> persistent) {
        this.in = in;
        this.persistent = persistent;
    }

    /**
     * The one value of a stream.
     *
     * @throws FormatException if it names what is not allowed, or is damaged
     */
    Object read() throws IOException {
        if (in.next() != 0x80) {
            throw fault("a pickle of protocol 2 or later should begin there");
        }
        long protocol = in.next();
        if (protocol < 2 || protocol > 5) {
            throw fault("it is of protocol %s, expected 2 to 5".formatted(protocol));
        }
        while (true) {
            int code = in.next();
            if (code == '.') {
                Object value = pop();
                if (value == MARK) {
                    throw fault("it ends in a mark");
                }
                return value;
            }
            if (!plain(code) && !structure(code) && !memory(code)) {
                throw fault(Escaped.of(
                        "the opcode 0x%s is none that files of weights have".formatted(Integer.toHexString(code))));
            }
        }
    }

    /** Values that stand in the stream themselves. */
    private boolean plain(int code) throws IOException {
        switch (code) {
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push((long) (int) in.number(4));
            case 'K' -> push(in.number(1));
            case 'M' -> push(in.number(2));
            case 0x8a -> push(whole(in.bytes(in.number(1))));
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.number(8))));
            case 'X' -> push(in.text(in.number(4)));
            case 0x8c -> push(in.text(in.number(1)));
            case 0x8d -> push(in.text(in.number(8)));
            case 'U', 'C' -> push(new String(in.bytes(in.number(1)), StandardCharsets.ISO_8859_1));
            case 'T', 'B' -> push(new String(in.bytes(in.number(4)), StandardCharsets.ISO_8859_1));
            case 'c' -> push(TorchGlobals.of(in.file(), in.line(), in.line()));
            case 0x93 -> {
                Object name = pop();
                Object module = pop();
                push(TorchGlobals.of(in.file(), text(module), text(name)));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Values made of others. */
    private boolean structure(int code) {
        switch (code) {
            case '(' -> push(MARK);
            case '}' -> push(new LinkedHashMap<>());
            case ']' -> push(new ArrayList<>());
            case ')' -> push(List.of());
            case 0x85, 0x86, 0x87 -> push(top(code - 0x84));
            case 't' -> push(toMark());
            case 'l' -> push(toMark());
            case 'a', 'e' -> {
                List<Object> more = code == 'a' ? top(1) : toMark();
                as(List.class, peek()).addAll(more);
            }
            case 'd' -> {
                List<Object> pairs = toMark();
                push(put(new LinkedHashMap<>(), pairs));
            }
            case 's', 'u' -> {
                List<Object> pairs = code == 's' ? top(2) : toMark();
                put(as(Map.class, peek()), pairs);
            }
            case 'R', 0x81 -> {
                List<Object> arguments = arguments(pop());
                push(called(pop(), arguments));
            }
            case 'b' -> { // of an OrderedDict: the versions of PyTorch's modules
                pop();
                as(Map.class, peek());
            }
            case 'Q' -> push(persistent.apply(arguments(pop())));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** What is kept for later, dropped or doubled. */
    private boolean memory(int code) throws IOException {
        switch (code) {
            case 'q' -> keep(in.number(1));
            case 'r' -> keep(in.number(4));
            case 0x94 -> keep(memo.size());
            case 'h' -> push(kept(in.number(1)));
            case 'j' -> push(kept(in.number(4)));
            case '0' -> pop();
            case '1' -> toMark();
            case '2' -> push(peek());
            case 0x95 -> in.number(8); // a frame: how much to read at once
            default -> {
                return false;
            }
        }
        return true;
    }

    private Object called(Object callee, List<Object> arguments) {
        if (!(callee instanceof TorchGlobals.Named named)) {
            throw fault("it calls what is no name");
        }
        Object made = named.call(in.file(), arguments);
        if (named.name().equals(TorchGlobals.ORDERED_DICT)) { // of earlier Pythons: a list of pairs
            var map = new LinkedHashMap<>();
            if (!arguments.isEmpty()) {
                for (Object pair : as(List.class, arguments.get(0))) {
                    put(map, arguments(pair));
                }
            }
            return map;
        }
        return made;
    }

    @SuppressWarnings("unchecked")
    private List<Object> arguments(Object value) {
        return as(List.class, value);
    }

    private Map<Object, Object> put(Map<Object, Object> map, List<Object> pairs) {
        if (pairs.size() % 2 != 0) {
            throw fault("a dictionary has a key without a value");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            Object key = pairs.get(i);
            if (!(key == null || key instanceof String || key instanceof Number || key instanceof Boolean)) {
                throw fault("a dictionary has a key that is neither text nor number");
            }
            map.put(key, pairs.get(i + 1));
        }
        return map;
    }

    private void push(Object value) {
        if (++values > MOST_VALUES) {
            throw fault("it has more than %s values, which no file of weights needs".formatted(MOST_VALUES));
        }
        stack.add(value);
    }

    private Object pop() {
        Object value = peek();
        stack.remove(stack.size() - 1);
        return value;
    }

    private Object peek() {
        if (stack.isEmpty()) {
            throw fault("a value is missing");
        }
        return stack.get(stack.size() - 1);
    }

    /** The last values of the stack, taken off. */
    private List<Object> top(int count) {
        if (stack.size() < count) {
            throw fault("a value is missing");
        }
        List<Object> last = stack.subList(stack.size() - count, stack.size());
        if (last.contains(MARK)) {
            throw fault("a mark stands where a value should");
        }
        return taken(last);
    }

    private List<Object> toMark() {
        int at = stack.size() - 1;
        while (at >= 0 && stack.get(at) != MARK) {
            at--;
        }
        if (at < 0) {
            throw fault("a mark is missing");
        }
        List<Object> taken = taken(stack.subList(at + 1, stack.size()));
        stack.remove(at);
        return taken;
    }

    private static List<Object> taken(List<Object> part) {
        var taken = new ArrayList<>(part);
        part.clear();
        return taken;
    }

    private void keep(long index) {
        if (++values > MOST_VALUES) {
            throw fault("it has more than %s values, which no file of weights needs".formatted(MOST_VALUES));
        }
        memo.put(index, peek());
    }

    private Object kept(long index) {
        if (!memo.containsKey(index)) {
            throw fault("it asks for a value that it has not kept");
        }
        return memo.get(index);
    }

    private static Object whole(byte[] littleEndFirst) {
        byte[] bytes = littleEndFirst.length == 0 ? new byte[1] : littleEndFirst;
        byte[] turned = Arrays.copyOf(bytes, bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            turned[i] = bytes[bytes.length - 1 - i];
        }
        var value = new BigInteger(turned);
        return value.bitLength() < 64 ? (Object) value.longValue() : value;
    }

    private String text(Object value) {
        return as(String.class, value);
    }

    private <T> T as(Class<T> type, Object value) {
        if (!type.isInstance(value)) {
            throw fault("a value is of another kind than its place asks for");
        }
        return type.cast(value);
    }

    private FormatException fault(String what) {
        return new FormatException(
                "%s: its pickle is damaged or foreign at byte %s: %s".formatted(in.file(), in.position(), what));
    }
}
