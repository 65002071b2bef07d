package dev.fovea.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The binary version of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): records of labels and 32x32 planes. */
final class Cifar {

    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;
    private static final List<String> TEN =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    private Cifar() {}

    static boolean matches(Tree tree) {
        return file(tree, "test_batch.bin").isPresent()
                || file(tree, "data_batch_1.bin").isPresent()
                || (file(tree, "train.bin").isPresent()
                        && file(tree, "fine_label_names.txt").isPresent());
    }

    /**
     * Refuses the version for Python, whose pickles are programs.
     *
     * @throws DataException if that is what lies there
     */
    static void refusePickles(Tree tree) {
        boolean ten = pickled(tree, "data_batch_1") || pickled(tree, "test_batch");
        boolean hundred = pickled(tree, "train") || pickled(tree, "test");
        if ((ten || hundred) && tree.files().stream().noneMatch(TreeFile::image)) {
            throw new DataException(
                    "%s: CIFAR in Python's pickle format, which may run code when it is read. ".formatted(tree.source())
                            + "Take the binary version, cifar-%s-binary.tar.gz, from https://www.cs.toronto.edu/~kriz/cifar.html"
                                    .formatted(ten ? "10" : "100"));
        }
    }

    /** Whether a file of that name begins as pickles of protocol 2 and up do. */
    private static boolean pickled(Tree tree, String name) {
        return file(tree, name)
                .map(file -> file.bytes().get())
                .filter(bytes -> bytes.length > 1 && (bytes[0] & 0xFF) == 0x80 && bytes[1] <= 5)
                .isPresent();
    }

    static Splits read(Tree tree) {
        boolean hundred = file(tree, "fine_label_names.txt").isPresent();
        List<String> classes = names(tree, hundred ? "fine_label_names.txt" : "batches.meta.txt")
                .orElse(
                        hundred
                                ? IntStream.range(0, 100)
                                        .mapToObj(Integer::toString)
                                        .toList()
                                : TEN);
        List<String> train = hundred
                ? List.of("train.bin")
                : IntStream.rangeClosed(1, 5)
                        .mapToObj(i -> "data_batch_" + i + ".bin")
                        .toList();
        return new Splits(
                part(tree, train, classes, hundred ? 2 : 1),
                Dataset.empty(classes),
                part(tree, List.of(hundred ? "test.bin" : "test_batch.bin"), classes, hundred ? 2 : 1),
                List.of());
    }

    private static Dataset part(Tree tree, List<String> files, List<String> classes, int labelBytes) {
        var pixels = new ArrayList<byte[]>();
        var labels = new ArrayList<Integer>();
        for (String name : files) {
            file(tree, name).ifPresent(file -> read(file, classes, labelBytes, pixels, labels));
        }
        return new PixelData(
                tree.source() + " " + files.get(0),
                classes,
                SIDE,
                SIDE,
                3,
                pixels.toArray(byte[][]::new),
                labels.stream().mapToInt(Integer::intValue).toArray());
    }

    private static void read(
            TreeFile file, List<String> classes, int labelBytes, List<byte[]> pixels, List<Integer> labels) {
        byte[] bytes = file.bytes().get();
        int record = labelBytes + 3 * PLANE;
        if (bytes.length == 0 || bytes.length % record != 0) {
            throw new DataException(
                    "%s: cut off: %s bytes are not a whole number of records of %s bytes (%s are left over)"
                            .formatted(file.name(), bytes.length, record, bytes.length % record));
        }
        for (int at = 0; at < bytes.length; at += record) {
            int label = bytes[at + labelBytes - 1] & 0xFF;
            if (label >= classes.size()) {
                throw new DataException("%s: record %s has the label %s, there are %s classes"
                        .formatted(file.name(), at / record, label, classes.size()));
            }
            byte[] image = new byte[3 * PLANE];
            for (int i = 0; i < PLANE; i++) {
                for (int c = 0; c < 3; c++) {
                    image[3 * i + c] = bytes[at + labelBytes + c * PLANE + i];
                }
            }
            pixels.add(image);
            labels.add(label);
        }
    }

    private static Optional<List<String>> names(Tree tree, String name) {
        return file(tree, name)
                .map(file -> new String(file.bytes().get(), java.nio.charset.StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList());
    }

    private static Optional<TreeFile> file(Tree tree, String name) {
        return tree.files().stream()
                .filter(file -> file.fileName().equals(name))
                .findFirst();
    }
}
