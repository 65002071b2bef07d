package dev.fovea.data;

import dev.fovea.io.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A tar, plain or gzipped, or a zip, read once into memory. What its bytes are decides, not its name. Whatever the
 * libraries below say of a damaged one becomes one sentence here.
 */
final class Archive {

    /** Bytes of a header in a tar. */
    private static final int BLOCK = 512;

    /** As of paths on a disk. */
    private static final int LONGEST_NAME = 4096;

    /** How archives begin that are not read. */
    private static final Map<String, String> OTHERS = Map.of(
            "BZh",
            "bzip2",
            "\u00FD7zXZ",
            "xz",
            "(\u00B5/\u00FD",
            "Zstandard",
            "7z\u00BC\u00AF",
            "7-Zip",
            "Rar!",
            "RAR");

    private final Path path;
    private final long room;
    private final ArchiveTree tree = new ArchiveTree();
    private long left;

    private Archive(Path path, long room) {
        this.path = path;
        this.room = room;
        this.left = room;
    }

    /**
     * The files of an archive; links in it are followed.
     *
     * @param room most bytes of unpacked files that are kept: an archive can hold far more than its own size
     * @throws DataException if it is no archive, or damaged, encrypted, or packed by a method that is not read
     */
    static Tree read(Path path, long room) {
        FolderFiles.checkInside(path);
        var archive = new Archive(path, room);
        var notes = new ArrayList<String>();
        try {
            archive.readAll(notes);
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw new DataException("%s: the archive is damaged or cut off (%s)".formatted(path, Reason.of(first(e))));
        } catch (RuntimeException | LinkageError e) { // the readers trust what a damaged archive says of itself
            throw new DataException(path + ": the archive is damaged: what it says of its files contradicts itself");
        }
        return new Tree(path.toString(), archive.tree.files(path + "!", notes), notes);
    }

    /** Readers wrap what went wrong in exceptions that say no more than that something did. */
    private static IOException first(IOException e) {
        return e.getCause() instanceof IOException cause ? first(cause) : e;
    }

    private void readAll(List<String> notes) throws IOException {
        String start = start();
        OTHERS.forEach((signature, name) -> {
            if (start.startsWith(signature)) {
                throw new DataException(path + ": packed with " + name
                        + ", which is not read here. Unpack it to a folder, or pack it anew as .tar.gz or .zip");
            }
        });
        boolean zip = path.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
        if (start.isEmpty()) {
            throw new DataException(path + ": an empty file. Expected an archive");
        } else if (start.startsWith("\u001F\u008B")) {
            TarEntries.read(this, true, notes);
        } else if (zip || start.startsWith("PK")) {
            ZipEntries.read(this, notes);
        } else if (Files.size(path) < BLOCK) {
            throw new IOException("it ends too early");
        } else {
            TarEntries.read(this, false, notes);
        }
    }

    private String start() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return new String(in.readNBytes(8), java.nio.charset.StandardCharsets.ISO_8859_1);
        }
    }

    Path path() {
        return path;
    }

    InputStream open() throws IOException {
        return new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    }

    /** Where its files and links are put. */
    ArchiveTree tree() {
        return tree;
    }

    /**
     * One file's content, if there is room for it.
     *
     * @param size as the archive says
     */
    byte[] content(InputStream in, long size, String entry) throws IOException {
        if (size > TreeFile.MOST_BYTES) {
            throw new DataException(
                    "%s: its file '%s' has %s MB, more than the %s MB that are read of one file. Leave it out"
                            .formatted(path, entry, size >> 20, TreeFile.MOST_BYTES >> 20));
        }
        byte[] bytes = in.readNBytes((int) Math.min(left + 1, TreeFile.MOST_BYTES + 1L));
        left -= bytes.length;
        if (left < 0) {
            throw new DataException(
                    "%s: its files are more than the %s MB of memory there are for them. Unpack it to a "
                                    .formatted(path, room >> 20)
                            + "folder, or give Java more, as in FOVEA_JAVA_OPTS=-Xmx16g");
        }
        if (bytes.length != size) {
            throw new DataException(
                    "%s: the archive is damaged or cut off (its file '%s' should have %s bytes, %s are there)"
                            .formatted(
                                    path, entry, size, bytes.length > size ? "more" : Integer.toString(bytes.length)));
        }
        return bytes;
    }

    /**
     * The folders and the name of an entry; none for the top folder.
     *
     * @throws DataException if it climbs out of the archive or lies too deep
     */
    List<String> parts(String entry) {
        if (entry.length() > LONGEST_NAME) {
            throw new DataException("%s: the name of one of its files has %s characters, more than the %s of any path"
                    .formatted(path, entry.length(), LONGEST_NAME));
        }
        var parts = new ArrayList<String>();
        for (String part : entry.split("/")) {
            if (part.equals("..") || entry.startsWith("/")) {
                throw new DataException(
                        "%s: its entry '%s' climbs out of the archive. Do not use this file".formatted(path, entry));
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        ArchiveTree.checkDepth(path, parts.size());
        return parts;
    }
}
