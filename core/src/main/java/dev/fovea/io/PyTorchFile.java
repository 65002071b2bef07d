package dev.fovea.io;

import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.TorchGlobals.Storage;
import dev.fovea.io.TorchGlobals.View;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * State dictionaries as {@code torch.save} writes them: a zip with a pickle and a file for each storage, since PyTorch
 * 1.6, or before that five pickles and the storages one after another. Tensors alone are read; the pickles are
 * interpreted by an allow list ({@link Pickle}), so that nothing in a file is ever run.
 *
 * <p>A dictionary may lie in another, as training scripts save them; {@link #NESTED} says under which names. {@code
 * module.} and {@code _orig_mod.}, which PyTorch's wrappers put before every name, are left out.
 */
final class PyTorchFile {

    /** Where training scripts put state dictionaries, averaged weights first, as timm looks for them. */
    static final List<String> NESTED =
            List.of("state_dict_ema", "model_ema", "ema", "state_dict", "model_state_dict", "model");

    private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.");

    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

    /** Dictionaries around the one of tensors. */
    private static final int DEEPEST = 3;

    /** Tensors may share a storage, but not so often that a small file takes all memory. */
    private static final int MOST_SHARING = 8;

    /** Where the bytes of a storage lie. */
    private record Region(long position, long bytes) {}

    /** The state dictionary of a file, before its values are read. */
    private record Dictionary(Map<String, View> views, Map<String, Region> regions) {}

    private PyTorchFile() {}

    /**
     * Reads all tensors of the state dictionary.
     *
     * @throws FormatException if there is none, the file is damaged, or it holds anything else than plain values
     */
    static Map<String, Tensor> read(Path file, FileChannel channel) throws IOException {
        Dictionary dictionary = dictionary(file, channel);
        var tensors = new LinkedHashMap<String, Tensor>();
        for (var entry : dictionary.views().entrySet()) {
            View view = entry.getValue();
            Region region = dictionary.regions().get(view.storage().key());
            tensors.put(entry.getKey(), tensor(view, region, channel));
        }
        return tensors;
    }

    /** The shapes of all tensors; their values are not read. */
    static Map<String, List<Long>> shapes(Path file, FileChannel channel) throws IOException {
        var shapes = new LinkedHashMap<String, List<Long>>();
        dictionary(file, channel).views().forEach((name, view) -> shapes.put(name, view.shape()));
        return shapes;
    }

    /** Whether a file begins as one of the two forms does. */
    static boolean begins(ByteBuffer first) {
        return isZip(first)
                || (first.limit() > 1 && (first.get(0) & 0xFF) == 0x80 && first.get(1) >= 2 && first.get(1) <= 5);
    }

    private static boolean isZip(ByteBuffer first) {
        return first.limit() > 3 && first.order(ByteOrder.BIG_ENDIAN).getInt(0) == 0x504B0304;
    }

    private static Dictionary dictionary(Path file, FileChannel channel) throws IOException {
        boolean zip = isZip(OpenFile.bytes(channel, 0, (int) Math.min(4, channel.size())));
        Dictionary found = zip ? zipped(file, channel) : legacy(file, channel);
        long bytes = 0;
        for (var entry : found.views().entrySet()) {
            View view = entry.getValue();
            Storage storage = view.storage();
            Region region = found.regions().get(storage.key());
            long end = TorchGlobals.bytes(storage.offset() + storage.count(), storage.element());
            check(
                    region != null && region.bytes() >= end && region.position() <= channel.size() - region.bytes(),
                    file,
                    "the storage of '%s' should have %s bytes, the file has %s of it",
                    Escaped.of(entry.getKey()),
                    end,
                    region == null ? 0 : Math.max(0, Math.min(region.bytes(), channel.size() - region.position())));
            long most = Math.max(view.elements(), view.extent())
                    * Math.max(
                            view.storage().element().bytes(),
                            view.storage().element().type().bytes());
            check(most < Integer.MAX_VALUE - 8, file, "'%s' is of more than 2 GB", Escaped.of(entry.getKey()));
            bytes += most;
            check(
                    bytes / MOST_SHARING <= channel.size(),
                    file,
                    "its tensors are more than %s times as large as itself",
                    MOST_SHARING);
        }
        return found;
    }

    // ---- the zip form

    private static Dictionary zipped(Path file, FileChannel channel) throws IOException {
        var entries = new HashMap<String, ZipArchiveEntry>();
        var regions = new HashMap<String, Region>();
        String folder = "";
        try (var zip =
                ZipFile.builder().setSeekableByteChannel(new KeptOpen(channel)).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                entries.put(entry.getName(), entry);
                if (entry.getName().matches("[^/]+/data\\.pkl")) {
                    folder = entry.getName().replace("data.pkl", "");
                }
                if (entry.getMethod() == ZipArchiveEntry.STORED && zip.getRawInputStream(entry) != null) {
                    regions.put(entry.getName(), new Region(entry.getDataOffset(), entry.getSize()));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new FormatException(
                    "%s: not a PyTorch file, or cut short: the list of its files, which stands at its end, is damaged"
                            .formatted(file));
        }
        Region pickle = regions.get(folder + "data.pkl");
        boolean program = entries.containsKey(folder + "constants.pkl");
        check(
                !program,
                file,
                "it is a TorchScript program. Save the state dictionary alone: torch.save(model.state_dict(), file)");
        check(!folder.isEmpty(), file, "a zip without data.pkl");
        check(pickle != null, file, "data.pkl is compressed, which torch.save never does");
        Region order = regions.get(folder + "byteorder");
        if (order != null && order.bytes() == 3) {
            check(
                    !"big".equals(new PickleBytes(file, channel, order.position(), order.position() + 3).text(3)),
                    file,
                    "its numbers have their big end first");
        }
        check(pickle.position() <= channel.size() - pickle.bytes(), file, "data.pkl ends behind the end of the file");
        var in = new PickleBytes(file, channel, pickle.position(), pickle.position() + pickle.bytes());
        Object object = new Pickle(in, id -> TorchGlobals.storage(file, id)).read();
        var byKey = new HashMap<String, Region>();
        String data = folder + "data/";
        regions.forEach((name, region) -> {
            if (name.startsWith(data)) {
                byKey.put(name.substring(data.length()), region);
            }
        });
        return new Dictionary(views(file, object), byKey);
    }

    // ---- the form before PyTorch 1.6

    private static Dictionary legacy(Path file, FileChannel channel) throws IOException {
        var in = new PickleBytes(file, channel, 0, channel.size());
        var storages = new LinkedHashMap<String, Storage>();
        Function<List<Object>, Object> persistent = id -> {
            Storage storage = TorchGlobals.storage(file, id);
            long bytes = id.get(4) instanceof Long count ? TorchGlobals.bytes(count, storage.element()) : 0;
            Storage whole = new Storage(
                    storage.key(),
                    storage.element(),
                    0,
                    bytes / storage.element().bytes());
            Storage before = storages.putIfAbsent(storage.key(), whole);
            check(before == null || before.equals(whole), file, "a storage is described twice, and differently");
            return storage;
        };
        Object magic = new Pickle(in, persistent).read();
        check(MAGIC.equals(magic), file, "a pickle that torch.save did not write");
        Object version = new Pickle(in, persistent).read();
        check(Long.valueOf(1001).equals(version), file, "of an unknown version");
        Object machine = new Pickle(in, persistent).read();
        check(
                !(machine instanceof Map<?, ?> facts && Boolean.FALSE.equals(facts.get("little_endian"))),
                file,
                "its numbers have their big end first");
        Object object = new Pickle(in, persistent).read();
        Object keys = new Pickle(in, persistent).read();
        check(keys instanceof List<?>, file, "the list of its storages is missing");
        var regions = new HashMap<String, Region>();
        long at = in.position();
        for (Object key : (List<?>) keys) {
            Storage storage = key instanceof String text ? storages.get(text) : null;
            check(storage != null, file, "a storage is listed that nothing is said of");
            check(at <= channel.size() - 8, file, "it ends before its last storage: cut short");
            long count = OpenFile.bytes(channel, at, 8).getLong();
            check(
                    count == storage.count(),
                    file,
                    "a storage has %s elements where it should have %s",
                    count,
                    storage.count());
            long bytes = TorchGlobals.bytes(count, storage.element());
            check(bytes <= channel.size() - at - 8, file, "it ends in the middle of its storages: cut short");
            regions.put(storage.key(), new Region(at + 8, bytes));
            at += 8 + bytes;
        }
        return new Dictionary(views(file, object), regions);
    }

    // ---- what is in it

    /** The tensors of the state dictionary by name. */
    private static Map<String, View> views(Path file, Object object) {
        Object found = inside(object, DEEPEST);
        var views = new LinkedHashMap<String, View>();
        if (found instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key instanceof String name && value instanceof View view) {
                    views.put(name, view);
                }
            });
        }
        check(!views.isEmpty(), file, "it has no tensors by name, at its top or under %s", String.join(", ", NESTED));
        return unwrapped(views);
    }

    /** The dictionary of tensors in {@code found}, or {@code found} itself where none lies in it. */
    private static Object inside(Object found, int depth) {
        if (depth > 0 && found instanceof Map<?, ?> map) {
            for (String name : NESTED) {
                Object inner = inside(map.get(name), depth - 1);
                if (inner instanceof Map<?, ?> tensors
                        && tensors.values().stream().anyMatch(View.class::isInstance)) {
                    return inner;
                }
            }
        }
        return found;
    }

    private static Map<String, View> unwrapped(Map<String, View> views) {
        for (String wrapper : WRAPPERS) {
            if (views.keySet().stream().allMatch(name -> name.startsWith(wrapper))) {
                var shorter = new LinkedHashMap<String, View>();
                views.forEach((name, view) -> shorter.put(name.substring(wrapper.length()), view));
                return unwrapped(shorter);
            }
        }
        return views;
    }

    private static Tensor tensor(View view, Region region, FileChannel channel) throws IOException {
        Storage storage = view.storage();
        long at = region.position() + TorchGlobals.bytes(storage.offset() + view.offset(), storage.element());
        long[] shape = array(view.shape());
        if (view.contiguous()) {
            return elements(storage.element(), at, channel, shape);
        }
        Tensor strided;
        try (var scope = new Scope()) {
            Tensor flat = elements(storage.element(), at, channel, view.extent());
            Tensor viewed = Tensor.call("aten::as_strided", flat, shape, array(view.strides()), null)
                    .get(0);
            strided = scope.keep(viewed.copy().contiguous());
        }
        return strided;
    }

    private static Tensor elements(TorchGlobals.Element element, long at, FileChannel channel, long... shape)
            throws IOException {
        if (!element.widened()) {
            return Tensor.filled(element.type(), bytes -> OpenFile.fill(channel, at, bytes), shape);
        }
        return Tensor.filled(
                DType.INT32,
                wide -> {
                    int count = wide.remaining() / Integer.BYTES;
                    ByteBuffer narrow = OpenFile.bytes(channel, at, count * element.bytes());
                    for (int i = 0; i < count; i++) {
                        wide.putInt(element.bytes() == 1 ? narrow.get() : narrow.getShort());
                    }
                },
                shape);
    }

    private static long[] array(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static void check(boolean sound, Path file, String fault, Object... values) {
        if (!sound) {
            throw new FormatException("%s: not a PyTorch file of weights, or damaged: %s"
                    .formatted(file, String.format(Locale.ROOT, fault, values)));
        }
    }
}
