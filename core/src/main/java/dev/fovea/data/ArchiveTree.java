package dev.fovea.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Files, folders and links of an archive. As on a disk, a symbolic link stands for what it points to; one into a
 * folder that it lies in is passed over, so that loops end. Of two entries of one path the later counts.
 */
final class ArchiveTree {

    /** As on a disk: links that cross each other can make one folder appear in more places than an archive has bytes. */
    private static final int MOST_PLACES = 100;

    private static final int MOST_LINKS = 40;

    private static final int MOST_DEPTH = 200;

    /** A folder, file or link. */
    private static final class Node {
        private final Node parent;
        private final Map<String, Node> children = new TreeMap<>();
        private byte[] content;
        private String link;
        private int places;

        Node(Node parent) {
            this.parent = parent;
        }
    }

    private final Node root = new Node(null);

    void file(List<String> parts, byte[] content) {
        if (!parts.isEmpty()) {
            Node node = node(parts);
            node.content = content;
            node.link = null;
        }
    }

    /** @param target seen from the link's folder */
    void symbolicLink(List<String> parts, String target) {
        if (!parts.isEmpty()) {
            Node node = node(parts);
            node.content = null;
            node.link = target;
        }
    }

    /**
     * A second name of a file that came before.
     *
     * @return whether there is such a file
     */
    boolean hardLink(List<String> parts, List<String> target) {
        Node node = root;
        for (String part : target) {
            node = node.children.get(part);
            if (node == null) {
                return false;
            }
        }
        if (node.content == null && node.link == null) {
            return false;
        }
        if (node.link != null) {
            symbolicLink(parts, node.link);
        } else {
            file(parts, node.content);
        }
        return true;
    }

    /** @throws DataException if that is too deep to go */
    static void checkDepth(Object source, int depth) {
        if (depth > MOST_DEPTH) {
            throw new DataException(
                    "%s: one of its files lies more than %s folders deep".formatted(source, MOST_DEPTH));
        }
    }

    private Node node(List<String> parts) {
        Node node = root;
        for (String part : parts) {
            Node above = node;
            node = above.children.computeIfAbsent(part, p -> new Node(above));
        }
        return node;
    }

    /**
     * All files.
     *
     * @param source stands before each name in messages
     * @param notes receives which links lead nowhere
     */
    List<TreeFile> files(String source, List<String> notes) {
        var files = new ArrayList<TreeFile>();
        var lost = new ArrayList<String>();
        collect(root, new ArrayList<>(), Collections.newSetFromMap(new IdentityHashMap<>()), source, files, lost);
        lost.stream()
                .limit(3)
                .forEach(link -> notes.add("left out: " + link + ", a link to what is not in the archive"));
        if (lost.size() > 3) {
            notes.add("and %s more such links".formatted(lost.size() - 3));
        }
        return files;
    }

    private void collect(
            Node node, List<String> path, Set<Node> above, String source, List<TreeFile> files, List<String> lost) {
        checkDepth(source, path.size());
        if (node.content != null) {
            byte[] content = node.content;
            files.add(new TreeFile(path, source + String.join("/", path), () -> content.length, () -> content));
        }
        if (node.children.isEmpty() || !above.add(node)) {
            return;
        }
        if (++node.places > MOST_PLACES) {
            throw new DataException("%s%s: symbolic links show this folder in more than %s places"
                    .formatted(source, String.join("/", path), MOST_PLACES));
        }
        node.children.forEach((name, child) -> {
            path.add(name);
            Node real = resolved(child, new int[1]);
            if (real != null) {
                collect(real, path, above, source, files, lost);
            } else if (!TreeFile.hidden(name)) {
                lost.add(source + String.join("/", path));
            }
            path.remove(path.size() - 1);
        });
        above.remove(node);
    }

    /** What a link points to in the end, a node that is none itself; null if that is not in the archive. */
    private static Node resolved(Node node, int[] followed) {
        if (node.link == null) {
            return node;
        }
        if (node.link.startsWith("/") || ++followed[0] > MOST_LINKS) {
            return null;
        }
        Node at = node.parent;
        for (String part : node.link.split("/")) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            Node next = part.equals("..") ? at.parent : at.children.get(part);
            at = next == null ? null : resolved(next, followed);
            if (at == null) {
                return null;
            }
        }
        return at;
    }
}
