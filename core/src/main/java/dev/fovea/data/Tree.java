package dev.fovea.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/**
 * The files of a folder or an archive, sorted by path. An archive is read once and kept, still encoded, in
 * memory; nothing is unpacked to disk.
 *
 * @param source for messages
 */
record Tree(String source, List<TreeFile> files) {

    Tree {
        files = files.stream()
                .filter(file -> !file.hidden())
                .sorted(Comparator.comparing(file -> String.join("/", file.path())))
                .toList();
    }

    /**
     * What lies in the folder of that name, wherever it is.
     *
     * @throws DataException if there is none
     */
    Tree inside(String name) {
        List<TreeFile> inner = files.stream()
                .filter(file -> file.path().indexOf(name) >= 0
                        && file.path().indexOf(name) < file.path().size() - 1)
                .map(file -> file.below(file.path().indexOf(name) + 1))
                .toList();
        if (inner.isEmpty()) {
            throw new DataException("%s: has no folder '%s'. It has %s"
                    .formatted(
                            source,
                            name,
                            files.stream()
                                    .filter(file -> file.path().size() > 1)
                                    .map(file -> file.path().get(file.path().size() - 2))
                                    .distinct()
                                    .limit(10)
                                    .collect(Collectors.joining(", "))));
        }
        return new Tree(source + ":" + name, inner);
    }

    static boolean isArchive(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".tar") || name.endsWith(".tar.gz") || name.endsWith(".tgz") || name.endsWith(".zip");
    }

    static Tree of(Path path) {
        return Files.isDirectory(path)
                ? folder(path)
                : archive(path, Runtime.getRuntime().maxMemory() / 4 * 3);
    }

    private static Tree folder(Path root) {
        var files = new ArrayList<TreeFile>();
        for (Path path : FolderFiles.below(root)) {
            var parts = new ArrayList<String>();
            root.relativize(path).forEach(part -> parts.add(part.toString()));
            files.add(new TreeFile(parts, path.toString(), () -> FolderFiles.read(path)));
        }
        return new Tree(root.toString(), files);
    }

    /** @param room most bytes of unpacked files that are kept: an archive can hold far more than its own size */
    static Tree archive(Path path, long room) {
        long left = room;
        String name = path.toString().toLowerCase(Locale.ROOT);
        var files = new ArrayList<TreeFile>();
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
                InputStream plain = name.endsWith("gz") ? new GZIPInputStream(raw, 1 << 16) : raw;
                ArchiveInputStream<? extends ArchiveEntry> archive =
                        name.endsWith(".zip") ? new ZipArchiveInputStream(plain) : new TarArchiveInputStream(plain)) {
            for (ArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                if (!entry.isDirectory()) {
                    List<String> parts = parts(path, entry.getName());
                    byte[] bytes = archive.readNBytes((int) Math.min(left + 1, Integer.MAX_VALUE - 8));
                    left -= bytes.length;
                    if (left < 0) {
                        throw new DataException(
                                "%s: its files are more than the %,d MB of memory there are for them. Unpack it to a "
                                                .formatted(path, room >> 20)
                                        + "folder, or give Java more, as in FOVEA_JAVA_OPTS=-Xmx16g");
                    }
                    files.add(new TreeFile(parts, path + "!" + entry.getName(), () -> bytes));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            if (e instanceof DataException known) {
                throw known;
            }
            throw new DataException(path + ": the archive is damaged or cut off (" + e.getMessage() + ")");
        }
        return new Tree(path.toString(), files);
    }

    private static List<String> parts(Path archive, String entry) {
        var parts = new ArrayList<String>();
        for (String part : entry.replace('\\', '/').split("/")) {
            if (part.equals("..") || entry.startsWith("/")) {
                throw new DataException(
                        "%s: its entry '%s' climbs out of the archive. Do not use this file".formatted(archive, entry));
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }
}
