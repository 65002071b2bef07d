package dev.fovea.data;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A file below a folder or in an archive.
 *
 * @param path its folders and name, from the top
 * @param name for messages
 * @param length how many bytes it has, found without reading it
 * @param bytes its content, read when asked for
 * @param stream the same piece by piece, for files that are larger than what is wanted of them
 */
record TreeFile(
        List<String> path, String name, LongSupplier length, Supplier<byte[]> bytes, Supplier<InputStream> stream) {

    /** Most bytes that are read of one file, and that one file in an archive may unpack to. */
    static final int MOST_BYTES = 1 << 30;

    private static final List<String> IMAGES = List.of(
            ".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".pbm", ".pgm", ".ppm", ".pnm", ".jfif", ".jpe");

    /** What systems put beside the files of a person: of an archive, of disks, of Synology with thumbnails in it. */
    private static final Set<String> OF_SYSTEMS =
            Set.of("__MACOSX", "lost+found", "System Volume Information", "$RECYCLE.BIN", "@eaDir");

    TreeFile {
        path = List.copyOf(path);
    }

    /** Of one that is read at once. */
    TreeFile(List<String> path, String name, LongSupplier length, Supplier<byte[]> bytes) {
        this(path, name, length, bytes, () -> new ByteArrayInputStream(bytes.get()));
    }

    String fileName() {
        return path.get(path.size() - 1);
    }

    long size() {
        return length.getAsLong();
    }

    boolean image() {
        return image(fileName());
    }

    static boolean image(String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        return IMAGES.stream().anyMatch(lower::endsWith);
    }

    boolean hidden() {
        return path.stream().anyMatch(TreeFile::hidden);
    }

    static boolean hidden(String part) {
        return part.startsWith(".") || OF_SYSTEMS.contains(part);
    }

    TreeFile below(int levels) {
        return new TreeFile(path.subList(levels, path.size()), name, length, bytes, stream);
    }
}
