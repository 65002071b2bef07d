package dev.fovea.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** The idx files of the MNIST family (LeCun), plain or gzipped. */
final class Idx {

    private static final List<String> FASHION = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    private Idx() {}

    static boolean matches(Tree tree) {
        return find(tree, "-images").isPresent();
    }

    static Splits read(Tree tree) {
        boolean fashion = tree.source().toLowerCase(java.util.Locale.ROOT).contains("fashion");
        Dataset train = part(tree, "train", fashion);
        Dataset test = part(tree, "t10k", fashion);
        if (train.size() + test.size() == 0) {
            throw new DataException(tree.source() + ": idx files found, but neither train-images nor t10k-images");
        }
        List<String> classes = train.size() > 0 ? train.classes() : test.classes();
        return new Splits(train, Dataset.empty(classes), test, List.of());
    }

    private static Dataset part(Tree tree, String prefix, boolean fashion) {
        var images = find(tree, prefix + "-images");
        var labels = find(tree, prefix + "-labels");
        if (images.isEmpty() || labels.isEmpty()) {
            return Dataset.empty(fashion ? FASHION : digits(10));
        }
        ByteBuffer pictures = header(images.get(), 3);
        int count = pictures.getInt(4);
        int height = pictures.getInt(8);
        int width = pictures.getInt(12);
        byte[] values = body(images.get(), pictures, 16, count, height, width);
        ByteBuffer named = header(labels.get(), 1);
        int named1 = named.getInt(4);
        byte[] numbers = body(labels.get(), named, 8, named1, 1, 1);
        if (named1 != count) {
            throw new DataException("%s: %d labels for the %d pictures of %s"
                    .formatted(labels.get().name(), named1, count, images.get().name()));
        }
        int size = width * height;
        byte[][] pixels = new byte[count][];
        int[] classes = new int[count];
        for (int i = 0; i < count; i++) {
            pixels[i] = Arrays.copyOfRange(values, i * size, (i + 1) * size);
            classes[i] = numbers[i] & 0xFF;
        }
        int most = Math.max(10, Arrays.stream(classes).max().orElse(0) + 1);
        return new PixelData(images.get().name(), fashion ? FASHION : digits(most), width, height, 1, pixels, classes);
    }

    private static ByteBuffer header(TreeFile file, int dims) {
        byte[] bytes = unpacked(file);
        int wanted = 0x0800 | dims;
        if (bytes.length < 4 + 4 * dims || ByteBuffer.wrap(bytes).getInt() != wanted) {
            throw new DataException(
                    "%s: not an idx file of bytes in %d dimensions: expected to start with 0x%08x, got %s"
                            .formatted(
                                    file.name(),
                                    dims,
                                    wanted,
                                    bytes.length < 4
                                            ? bytes.length + " bytes"
                                            : "0x%08x"
                                                    .formatted(ByteBuffer.wrap(bytes)
                                                            .getInt())));
        }
        return ByteBuffer.wrap(bytes);
    }

    private static byte[] body(TreeFile file, ByteBuffer content, int from, int count, int height, int width) {
        long size = (long) count * height * width;
        if (count < 0 || height < 1 || width < 1 || content.capacity() - from < size) {
            throw new DataException("%s: cut off: its header promises %d items of %dx%d, %d bytes are there for %d"
                    .formatted(file.name(), count, height, width, content.capacity() - from, size));
        }
        return Arrays.copyOfRange(content.array(), from, (int) (from + size));
    }

    private static byte[] unpacked(TreeFile file) {
        byte[] bytes = file.bytes().get();
        if (!file.fileName().endsWith(".gz")) {
            return bytes;
        }
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new DataException(file.name() + ": the gzip is damaged or cut off (" + e.getMessage() + ")");
        }
    }

    private static Optional<TreeFile> find(Tree tree, String part) {
        return tree.files().stream()
                .filter(file ->
                        file.fileName().contains(part) && file.fileName().contains("idx"))
                .findFirst();
    }

    private static List<String> digits(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
