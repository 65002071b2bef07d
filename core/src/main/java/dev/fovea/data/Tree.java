package dev.fovea.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The files of a folder or an archive, sorted by path. An archive is read once and kept, still encoded, in
 * memory; nothing is unpacked to disk.
 *
 * @param source for messages
 * @param notes what a person should know of how it was read
 */
record Tree(String source, List<TreeFile> files, List<String> notes) {

    Tree {
        notes = List.copyOf(notes);
        files = files.stream()
                .filter(file -> !file.hidden())
                .map(file -> Map.entry(String.join("/", file.path()), file))
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }

    Tree(String source, List<TreeFile> files) {
        this(source, files, List.of());
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
        return new Tree(source + ":" + name, inner, notes);
    }

    static boolean isArchive(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".tar") || name.endsWith(".tar.gz") || name.endsWith(".tgz") || name.endsWith(".zip");
    }

    static Tree of(Path path) {
        return Files.isDirectory(path)
                ? folder(path, FolderFiles.below(path))
                : archive(path, Runtime.getRuntime().maxMemory() / 4 * 3);
    }

    /** The files that lie in a folder itself, and nothing below it. */
    static Tree flat(Path root) {
        return folder(root, FolderFiles.in(root));
    }

    /**
     * A file that lists images, with all that lies around it, but no other file of its kind. Lists that lie in a folder of
     * lists are about what lies beside that.
     */
    static Tree around(Path file) {
        Path own = file.toAbsolutePath().normalize();
        Path root = rootAround(file);
        String name = own.getFileName().toString();
        String kind = name.substring(name.lastIndexOf('.'));
        Tree all = of(root);
        return new Tree(
                file.toString(),
                all.files().stream()
                        .filter(one ->
                                !one.fileName().endsWith(kind) || one.name().equals(own.toString()))
                        .toList(),
                all.notes());
    }

    /** The folder with all that a file which lists images can name. */
    static Path rootAround(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        boolean lists = folder.getFileName() != null
                && folder.getFileName().toString().equals("annotations")
                && folder.getParent() != null;
        return lists ? folder.getParent() : folder;
    }

    private static Tree folder(Path root, FolderFiles found) {
        var files = new ArrayList<TreeFile>();
        var decoded = new HashMap<List<String>, Path>();
        for (Path path : found.files()) {
            Path relative = root.relativize(path);
            var parts = new ArrayList<String>();
            relative.forEach(part -> parts.add(FolderFiles.name(part)));
            if (!String.join("/", parts).equals(relative.toString().replace('\\', '/'))) {
                checkApart(root, relative, parts, decoded);
            }
            files.add(FolderFiles.file(parts, path));
        }
        return new Tree(root.toString(), files, found.notes());
    }

    /** Names that are no text here were decoded anew: two folders must not become one by that. */
    private static void checkApart(Path root, Path relative, List<String> parts, Map<List<String>, Path> decoded) {
        for (int depth = 1; depth <= parts.size(); depth++) {
            Path place = relative.subpath(0, depth);
            Path other = decoded.putIfAbsent(List.copyOf(parts.subList(0, depth)), place);
            if (other != null && !other.equals(place)) {
                throw new DataException(
                        "%s: two files or folders are called %s, in different encodings. Rename one of them"
                                .formatted(root, String.join("/", parts.subList(0, depth))));
            }
        }
    }

    /** @param room most bytes of unpacked files that are kept: an archive can hold far more than its own size */
    static Tree archive(Path path, long room) {
        return Archive.read(path, room);
    }
}
