package dev.fovea.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The files and links of a tar, plain or gzipped. */
final class TarEntries {

    /** Most bytes of headers before one entry; long names and attributes are headers too. */
    private static final long MOST_HEADERS = 1 << 24;

    /** @param content null of a link */
    private record Entry(String name, String link, boolean symbolic, byte[] content) {}

    /** What is unpacked, up to a bound that is set anew for each entry. */
    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (left <= 0) {
                throw new IOException("the headers of one of its files do not end");
            }
            int read = in.read(buffer, from, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = in.skip(count);
            left -= skipped;
            return skipped;
        }
    }

    private TarEntries() {}

    static void read(Archive archive, boolean gzip, List<String> notes) throws IOException {
        List<Entry> entries = pass(archive, gzip, StandardCharsets.UTF_8, true);
        EntryNames names = null;
        List<Entry> raw = List.of();
        if (entries.stream()
                .flatMap(TarEntries::names)
                .anyMatch(name -> name.indexOf('?') >= 0 || name.indexOf('\uFFFD') >= 0)) {
            // Names that are no UTF-8, or have a question mark. Only headers of the newer kind tell that theirs are
            // UTF-8, and the reader does not tell which those are: they read the same in any encoding.
            raw = pass(archive, gzip, StandardCharsets.ISO_8859_1, false);
            var untold = new ArrayList<byte[]>();
            for (int i = 0; i < entries.size(); i++) {
                List<String> read = names(entries.get(i)).toList();
                List<String> bytes = names(raw.get(i)).toList();
                for (int k = 0; k < read.size(); k++) {
                    if (!read.get(k).equals(bytes.get(k))) {
                        untold.add(bytes.get(k).getBytes(StandardCharsets.ISO_8859_1));
                    }
                }
            }
            names = new EntryNames(untold);
            names.note(archive.path(), notes);
        }
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            String name = names == null
                    ? entry.name()
                    : name(names, entry.name(), raw.get(i).name());
            List<String> parts = archive.parts(name);
            if (parts.isEmpty()) {
                continue;
            }
            if (entry.content() != null) {
                archive.tree().file(parts, entry.content());
                continue;
            }
            String link = names == null
                    ? entry.link()
                    : name(names, entry.link(), raw.get(i).link());
            if (entry.symbolic()) {
                archive.tree().symbolicLink(parts, link);
            } else if (!archive.tree().hardLink(parts, archive.parts(link))) {
                notes.add("left out: %s!%s, a link to %s, which does not come before it in the archive"
                        .formatted(archive.path(), name, link));
            }
        }
    }

    private static String name(EntryNames names, String read, String bytes) {
        return read.equals(bytes) ? read : names.of(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Stream<String> names(Entry entry) {
        return Stream.of(entry.name(), entry.link());
    }

    private static List<Entry> pass(Archive archive, boolean gzip, Charset charset, boolean contents)
            throws IOException {
        var entries = new ArrayList<Entry>();
        try (InputStream raw = archive.open();
                InputStream plain = gzip ? new GZIPInputStream(raw, 1 << 16) : raw;
                var bounded = new Bounded(plain);
                var tar = new TarArchiveInputStream(bounded, charset.name())) {
            bounded.left = MOST_HEADERS;
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (!entry.isCheckSumOK()) {
                    throw new IOException("the checksum of the header of its file number %s is another"
                            .formatted(entries.size() + 1));
                }
                bounded.left = MOST_HEADERS + Math.max(0, entry.getSize());
                if (entry.isSymbolicLink() || entry.isLink()) {
                    entries.add(new Entry(entry.getName(), entry.getLinkName(), entry.isSymbolicLink(), null));
                } else if (entry.isFile()) {
                    if (!tar.canReadEntryData(entry)) {
                        throw new DataException(
                                "%s: its file '%s' is stored in a way that is not read here. Unpack it to a folder"
                                        .formatted(archive.path(), entry.getName()));
                    }
                    byte[] content = contents ? archive.content(tar, entry.getSize(), entry.getName()) : new byte[0];
                    entries.add(new Entry(entry.getName(), "", false, content));
                }
            }
        }
        return entries;
    }
}
