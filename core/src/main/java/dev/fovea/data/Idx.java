package dev.fovea.data;

import dev.fovea.io.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** The idx files of the MNIST family (LeCun) and of EMNIST (Cohen et al. 2017), plain or gzipped. */
final class Idx {

    private static final Pattern FILE = Pattern.compile(
            "(?:(.+)-)?(train|test|t10k)-(images[-._]idx3|labels[-._]idx1)(?:-ubyte)?(?:\\.gz)?",
            Pattern.CASE_INSENSITIVE);

    private static final List<String> FASHION = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    private static final int MOST_ITEMS = 10_000_000;

    /**
     * What the labels of a set mean.
     *
     * @param names of the classes; empty where only the labels tell how many there are
     * @param first the label of the first class
     */
    private record Labels(List<String> names, int first) {}

    /** One idx file: its items, each as many bytes as its header says. */
    private record Content(int height, int width, List<byte[]> items) {}

    private Idx() {}

    static boolean matches(Tree tree) {
        return tree.files().stream().anyMatch(file -> isImages(file.fileName()));
    }

    /** The files of one of several sets that lie side by side, as the six of EMNIST do; empty if none has that name. */
    static Optional<Tree> named(Tree tree, String set) {
        List<TreeFile> files = tree.files().stream()
                .filter(file -> set(file).filter(set::equals).isPresent())
                .toList();
        return files.isEmpty() ? Optional.empty() : Optional.of(new Tree(tree.source(), files));
    }

    static Splits read(Tree tree) {
        var sets = new TreeSet<String>();
        tree.files().forEach(file -> set(file).ifPresent(sets::add));
        if (sets.isEmpty()) {
            throw new DataException(tree.source()
                    + ": no idx files found. Expected train-images-idx3-ubyte and train-labels-idx1-ubyte");
        }
        if (sets.size() > 1) {
            throw new DataException("%s: holds several sets: %s. Name one, as in %s:%s"
                    .formatted(
                            tree.source(),
                            sets.stream()
                                    .map(set -> set.isEmpty() ? "one without a name" : set)
                                    .collect(Collectors.joining(", ")),
                            tree.source(),
                            sets.last().isEmpty()
                                    ? "NAME"
                                    : sets.stream()
                                            .filter(set -> !set.isEmpty())
                                            .findFirst()
                                            .orElseThrow()));
        }
        boolean emnist = sets.first().toLowerCase(Locale.ROOT).startsWith("emnist");
        Labels known = labels(tree, sets.first());
        var train = pair(tree, "train", known, emnist);
        var test = pair(tree, "t10k", known, emnist).or(() -> pair(tree, "test", known, emnist));
        if (train.isEmpty() && test.isEmpty()) {
            throw new DataException(tree.source() + ": idx files found, but neither train-images nor t10k-images");
        }
        List<String> classes = known.names().isEmpty() ? counted(train, test) : known.names();
        return new Splits(
                train.map(part -> part.of(classes)).orElse(Dataset.empty(classes)),
                Dataset.empty(classes),
                test.map(part -> part.of(classes)).orElse(Dataset.empty(classes)),
                emnist
                        ? List.of("the images of EMNIST lie on their side in its files; they were turned upright")
                        : List.of());
    }

    /** Images and labels of a part, before it is known how many classes there are. */
    private record Part(TreeFile images, TreeFile labels, Content pixels, int[] classes) {

        Dataset of(List<String> names) {
            return new PixelData(
                    images.name(),
                    names,
                    pixels.width(),
                    pixels.height(),
                    1,
                    pixels.items().toArray(byte[][]::new),
                    classes);
        }
    }

    private static Optional<Part> pair(Tree tree, String part, Labels known, boolean emnist) {
        var images = find(tree, part, "images");
        if (images.isEmpty()) {
            return Optional.empty();
        }
        TreeFile labels = find(tree, part, "labels")
                .orElseThrow(() -> new DataException("%s: has no labels beside it. Expected %s"
                        .formatted(
                                images.get().name(),
                                images.get()
                                        .fileName()
                                        .replace("images", "labels")
                                        .replace("idx3", "idx1"))));
        Content pixels = content(images.get(), 3);
        Content numbers = content(labels, 1);
        if (numbers.items().size() != pixels.items().size()) {
            throw new DataException("%s: %s labels for the %s images of %s"
                    .formatted(
                            labels.name(),
                            numbers.items().size(),
                            pixels.items().size(),
                            images.get().name()));
        }
        int[] classes = new int[pixels.items().size()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = label(labels, i, numbers.items().get(i)[0] & 0xFF, known);
        }
        return Optional.of(new Part(images.get(), labels, emnist ? turned(pixels) : pixels, classes));
    }

    private static int label(TreeFile file, int image, int label, Labels known) {
        int count = known.names().size();
        if (label < known.first()) {
            throw new DataException("%s: image #%s has the label %s, the labels of these %s classes begin with %s"
                    .formatted(file.name(), image, label, count, known.first()));
        }
        if (count > 0 && label - known.first() >= count) {
            throw new DataException("%s: image #%s has the label %s, there are %s classes: %s ..."
                    .formatted(
                            file.name(),
                            image,
                            label,
                            count,
                            String.join(", ", known.names().subList(0, 5))));
        }
        return label - known.first();
    }

    /** As many classes as the labels of both parts name: ten, or more if they run on without a gap. */
    private static List<String> counted(Optional<Part> train, Optional<Part> test) {
        boolean[] seen = new boolean[256];
        for (Part part : List.of(train, test).stream().flatMap(Optional::stream).toList()) {
            for (int label : part.classes()) {
                seen[label] = true;
            }
        }
        int count = 10;
        while (count < seen.length && seen[count]) {
            count++;
        }
        for (Part part : List.of(train, test).stream().flatMap(Optional::stream).toList()) {
            for (int i = 0; i < part.classes().length; i++) {
                int label = part.classes()[i];
                if (label >= count) {
                    int missing = IntStream.range(count, label)
                                    .filter(l -> seen[l])
                                    .findFirst()
                                    .orElse(label)
                            - 1;
                    throw new DataException(
                            "%s: image #%s has the label %s, and no image has the labels %s to %s. Expected labels from 0 on without gaps"
                                    .formatted(part.labels().name(), i, label, count, missing));
                }
            }
        }
        return numbers(count);
    }

    private static Labels labels(Tree tree, String set) {
        List<String> digits = numbers(10);
        List<String> capitals = letters('A', 'Z');
        return switch (set.toLowerCase(Locale.ROOT)) {
            case "emnist-letters" -> new Labels(capitals, 1);
            case "emnist-digits", "emnist-mnist" -> new Labels(digits, 0);
            case "emnist-byclass" -> new Labels(joined(digits, capitals, letters('a', 'z')), 0);
            // small letters that look like their capitals are one class with them
            case "emnist-bymerge", "emnist-balanced" ->
                new Labels(joined(digits, capitals, List.of("a", "b", "d", "e", "f", "g", "h", "n", "q", "r", "t")), 0);
            default -> new Labels(fashion(tree) ? FASHION : List.of(), 0);
        };
    }

    /** The images are those of Fashion-MNIST if their folder says so, or the one above a folder {@code raw}. */
    private static boolean fashion(Tree tree) {
        String[] source = tree.source().toLowerCase(Locale.ROOT).split("[/\\\\:]");
        String own = source[source.length - 1];
        String above = source[Math.max(0, source.length - 2)];
        return own.contains("fashion")
                || (own.equals("raw") && above.equals("fashionmnist"))
                || tree.files().stream()
                        .flatMap(file -> file.path().stream().limit(file.path().size() - 1L))
                        .anyMatch(folder -> folder.toLowerCase(Locale.ROOT).contains("fashion"));
    }

    /**
     * The content of a file.
     *
     * <p>Sizes are compared with what is there before memory is taken: of a plain file by its length; a gzip is read
     * item by item, so that no more is taken than it holds, and never further than its header promises.
     */
    private static Content content(TreeFile file, int dims) {
        byte[] bytes = file.bytes().get();
        boolean packed = file.fileName().toLowerCase(Locale.ROOT).endsWith(".gz");
        try (InputStream in =
                packed ? new GZIPInputStream(new ByteArrayInputStream(bytes)) : new ByteArrayInputStream(bytes)) {
            ByteBuffer header = ByteBuffer.wrap(in.readNBytes(4 + 4 * dims));
            check(file, header, dims);
            int count = header.getInt(4);
            int height = dims == 1 ? 1 : header.getInt(8);
            int width = dims == 1 ? 1 : header.getInt(12);
            int there = bytes.length - header.capacity();
            long size = (long) height * width; // two ints: no overflow
            boolean lacking = !packed && (size > there || count * size > there);
            if (count < 0 || height < 1 || width < 1 || lacking) {
                throw cut(file, count, height, width, there);
            }
            long most = Math.min(TreeFile.MOST_BYTES, Runtime.getRuntime().maxMemory() / 2);
            if (count > MOST_ITEMS || size > most || count * size > most) {
                throw new DataException(
                        "%s: its header promises %s items of %sx%s, more than the %s MB that are read of one file"
                                .formatted(file.name(), count, height, width, most >> 20));
            }
            var items = new ArrayList<byte[]>();
            for (int i = 0; i < count; i++) {
                byte[] item = in.readNBytes((int) size);
                if (item.length < size) {
                    throw cut(file, count, height, width, i * size + item.length);
                }
                items.add(item);
            }
            if (in.read() >= 0) { // of a gzip, also what compares its checksum
                throw new DataException("%s: goes on behind the %s items of %sx%s that its header promises"
                        .formatted(file.name(), count, height, width));
            }
            return new Content(height, width, items);
        } catch (IOException e) {
            throw new DataException(file.name() + ": the gzip is damaged or cut off (" + Reason.of(e) + ")");
        }
    }

    private static void check(TreeFile file, ByteBuffer header, int dims) {
        int wanted = 0x0800 | dims;
        if (header.capacity() < 4 + 4 * dims || header.getInt(0) != wanted) {
            throw new DataException(
                    "%s: not an idx file of bytes in %s dimensions: expected to start with 0x%08x, got %s"
                            .formatted(
                                    file.name(),
                                    dims,
                                    wanted,
                                    header.capacity() < 4
                                            ? header.capacity() + " bytes"
                                            : "0x%08x".formatted(header.getInt(0))));
        }
    }

    private static DataException cut(TreeFile file, int count, int height, int width, long there) {
        BigInteger promised = BigInteger.valueOf((long) height * width).multiply(BigInteger.valueOf(count));
        return new DataException("%s: cut off: its header promises %s items of %sx%s, %s bytes are there for %s"
                .formatted(file.name(), count, height, width, there, promised));
    }

    private static Content turned(Content images) {
        int height = images.height();
        int width = images.width();
        return new Content(
                width,
                height,
                images.items().stream()
                        .map(pixels -> {
                            byte[] turned = new byte[pixels.length];
                            for (int i = 0; i < pixels.length; i++) {
                                turned[i % width * height + i / width] = pixels[i];
                            }
                            return turned;
                        })
                        .toList());
    }

    private static boolean isImages(String fileName) {
        Matcher name = FILE.matcher(fileName);
        return name.matches() && name.group(3).toLowerCase(Locale.ROOT).startsWith("images");
    }

    private static Optional<String> set(TreeFile file) {
        Matcher name = FILE.matcher(file.fileName());
        return name.matches() ? Optional.of(name.group(1) == null ? "" : name.group(1)) : Optional.empty();
    }

    private static Optional<TreeFile> find(Tree tree, String part, String content) {
        return tree.files().stream()
                .filter(file -> {
                    Matcher name = FILE.matcher(file.fileName());
                    return name.matches()
                            && name.group(2).equalsIgnoreCase(part)
                            && name.group(3).toLowerCase(Locale.ROOT).startsWith(content);
                })
                .findFirst();
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private static List<String> letters(char first, char last) {
        return IntStream.rangeClosed(first, last).mapToObj(Character::toString).toList();
    }

    @SafeVarargs
    private static List<String> joined(List<String>... lists) {
        return List.of(lists).stream().flatMap(List::stream).toList();
    }
}
