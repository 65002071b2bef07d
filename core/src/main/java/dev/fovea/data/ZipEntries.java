package dev.fovea.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.UnicodePathExtraField;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** The files of a zip, by the list at its end, which alone knows the sizes of those that were written as a stream. */
final class ZipEntries {

    private static final int DEFLATED = 8;

    /** Methods that are read: stored, shrunk, imploded, deflated in two kinds, bzip2. */
    private static final List<Integer> METHODS = List.of(0, 1, 6, DEFLATED, 9, 12);

    private static final Map<Integer, String> OTHERS = Map.of(
            14, "LZMA", 20, "Zstandard", 93, "Zstandard", 95, "XZ", 96, "a method for JPEG", 97, "WavPack", 98, "PPMd");

    private static final int AES = 99;

    /** The record at a zip's end: how it begins, its bytes without and with the longest comment. */
    private static final int END_SIGNATURE = 0x06054b50;

    private static final int END = 22;
    private static final int MOST_END = END + 0xFFFF;

    private ZipEntries() {}

    static void read(Archive archive, List<String> notes) throws IOException {
        try (ZipFile zip = ZipFile.builder()
                .setPath(archive.path())
                .setCharset(StandardCharsets.ISO_8859_1) // names are decoded here, from their bytes
                .setUseUnicodeExtraFields(false)
                .get()) {
            List<ZipArchiveEntry> entries = Collections.list(zip.getEntries());
            if (!complete(archive.path(), entries.size())) {
                throw new IOException("the list of its files, which stands at its end, is damaged");
            }
            var names = new EntryNames(entries.stream()
                    .filter(entry -> told(entry).isEmpty())
                    .map(ZipArchiveEntry::getRawName)
                    .toList());
            names.note(archive.path(), notes);
            for (ZipArchiveEntry entry : entries) {
                // some writers on Windows put their own separator, against the format
                String name = told(entry)
                        .orElseGet(() -> names.of(entry.getRawName()))
                        .replace('\\', '/');
                List<String> parts = archive.parts(name);
                if (name.endsWith("/") || parts.isEmpty()) {
                    continue;
                }
                byte[] content = content(archive, zip, entry, name);
                if (entry.isUnixSymlink()) {
                    archive.tree().symbolicLink(parts, names.of(content));
                } else {
                    archive.tree().file(parts, content);
                }
            }
        }
    }

    /** Whether as many files were found as the end of the zip counts: the reader stops without a word at what is none. */
    private static boolean complete(Path path, int found) throws IOException {
        byte[] end;
        try (var file = FileChannel.open(path)) {
            long from = Math.max(0, file.size() - MOST_END);
            var buffer = ByteBuffer.allocate((int) (file.size() - from));
            while (buffer.hasRemaining() && file.read(buffer, from + buffer.position()) >= 0) {
                // until all of it is there
            }
            end = buffer.array();
        }
        var numbers = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = end.length - END; at >= 0; at--) {
            if (numbers.getInt(at) == END_SIGNATURE) {
                int counted = numbers.getShort(at + 10) & 0xFFFF;
                return counted == 0xFFFF || counted == (found & 0xFFFF); // 0xFFFF: counted elsewhere, there are many
            }
        }
        return true;
    }

    /** A name whose encoding the zip tells, by its mark for UTF-8 or Info-ZIP's field, which is for the name it was made of. */
    private static Optional<String> told(ZipArchiveEntry entry) {
        byte[] raw = entry.getRawName();
        if (entry.getGeneralPurposeBit().usesUTF8ForNames() && EntryNames.isUtf8(raw)) {
            return Optional.of(new String(raw, StandardCharsets.UTF_8));
        }
        if (entry.getExtraField(UnicodePathExtraField.UPATH_ID) instanceof UnicodePathExtraField field) {
            var sum = new CRC32();
            sum.update(raw);
            if (sum.getValue() == field.getNameCRC32() && EntryNames.isUtf8(field.getUnicodeName())) {
                return Optional.of(new String(field.getUnicodeName(), StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    private static byte[] content(Archive archive, ZipFile zip, ZipArchiveEntry entry, String name) throws IOException {
        int method = entry.getMethod();
        if (entry.getGeneralPurposeBit().usesEncryption() || method == AES) {
            throw new DataException("%s: its file '%s' is encrypted. Unpack it to a folder with its password"
                    .formatted(archive.path(), name));
        }
        if (!METHODS.contains(method)) {
            throw new DataException(
                    "%s: its file '%s' is packed with %s, which is not read here. Unpack it to a folder, or pack it anew with deflate"
                            .formatted(
                                    archive.path(),
                                    name,
                                    OTHERS.containsKey(method) ? OTHERS.get(method) : "method " + method));
        }
        byte[] content;
        try (InputStream in = zip.getInputStream(entry)) {
            content = archive.content(in, entry.getSize(), name);
        }
        var sum = new CRC32();
        sum.update(content);
        if (sum.getValue() != entry.getCrc()) {
            throw new DataException("%s: the archive is damaged (the checksum of its file '%s' is another)"
                    .formatted(archive.path(), name));
        }
        return content;
    }
}
