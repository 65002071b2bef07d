package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchiveTest {

    private static final int DESCRIPTOR = 1 << 3;
    private static final int UTF8 = 1 << 11;

    @TempDir
    Path folder;

    /** Zips made byte by byte: what is tested here, writers do not write. */
    private static final class Zip {
        private final ByteArrayOutputStream files = new ByteArrayOutputStream();
        private final ByteArrayOutputStream list = new ByteArrayOutputStream();
        private int count;

        Zip add(String name, int flags, int method) {
            return add(name.getBytes(StandardCharsets.UTF_8), flags, method, new byte[0], "content of " + name, 0);
        }

        Zip add(byte[] name, int flags, int method, byte[] extra, String text, int wrong) {
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            var sum = new CRC32();
            sum.update(content);
            int crc = (int) sum.getValue() + wrong;
            boolean later = (flags & DESCRIPTOR) != 0;
            int at = files.size();
            put(files, 0x04034b50, 4);
            fields(files, flags, method, later ? 0 : crc, later ? 0 : content.length, name.length, extra.length);
            files.writeBytes(name);
            files.writeBytes(extra);
            files.writeBytes(content);
            if (later) {
                put(files, 0x08074b50, 4);
                put(files, crc, 4);
                put(files, content.length, 4);
                put(files, content.length, 4);
            }
            put(list, 0x02014b50, 4);
            put(list, 20, 2);
            fields(list, flags, method, crc, content.length, name.length, extra.length);
            put(list, 0, 2);
            put(list, 0, 2);
            put(list, 0, 2);
            put(list, 0, 4);
            put(list, at, 4);
            list.writeBytes(name);
            list.writeBytes(extra);
            count++;
            return this;
        }

        private static void fields(
                ByteArrayOutputStream out, int flags, int method, int crc, int size, int name, int extra) {
            put(out, 20, 2);
            put(out, flags, 2);
            put(out, method, 2);
            put(out, 0, 4);
            put(out, crc, 4);
            put(out, size, 4);
            put(out, size, 4);
            put(out, name, 2);
            put(out, extra, 2);
        }

        private static void put(ByteArrayOutputStream out, int value, int bytes) {
            out.write(
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(value)
                            .array(),
                    0,
                    bytes);
        }

        byte[] bytes() {
            int at = files.size();
            var all = new ByteArrayOutputStream();
            all.writeBytes(files.toByteArray());
            all.writeBytes(list.toByteArray());
            put(all, 0x06054b50, 4);
            put(all, 0, 4);
            put(all, count, 2);
            put(all, count, 2);
            put(all, list.size(), 4);
            put(all, at, 4);
            put(all, 0, 2);
            return all.toByteArray();
        }
    }

    private Path put(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] tar(String encoding, int longNames, Entries entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, encoding)) {
            tar.setLongFileMode(longNames);
            tar.setAddPaxHeadersForNonAsciiNames(longNames == TarArchiveOutputStream.LONGFILE_POSIX);
            entries.add(tar);
        }
        return bytes.toByteArray();
    }

    private static byte[] tar(Entries entries) throws IOException {
        return tar("UTF-8", TarArchiveOutputStream.LONGFILE_GNU, entries);
    }

    private interface Entries {
        void add(TarArchiveOutputStream tar) throws IOException;
    }

    private static void file(TarArchiveOutputStream tar, String name) throws IOException {
        byte[] content = ("content of " + name).getBytes(StandardCharsets.UTF_8);
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, byte kind, String target) throws IOException {
        var entry = new TarArchiveEntry(name, kind);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }

    private static List<String> names(Path archive) {
        return Tree.of(archive).files().stream()
                .map(file -> String.join("/", file.path()))
                .toList();
    }

    private static String text(Path archive, String path) {
        return Tree.of(archive).files().stream()
                .filter(file -> String.join("/", file.path()).equals(path))
                .map(file -> new String(file.bytes().get(), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
    }

    private static void refused(Path archive, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Tree.of(archive))
                .withMessageContaining(message);
    }

    @Test
    void theFolderItselfIsNoFile() throws IOException {
        assertThat(names(put(
                        "a.zip",
                        new Zip()
                                .add(".", 0, 0)
                                .add("./", 0, 0)
                                .add("./b/c.png", 0, 0)
                                .bytes())))
                .containsExactly("b/c.png");
        assertThat(names(put("a.tar", tar(tar -> {
                    file(tar, ".");
                    file(tar, "./b/c.png");
                }))))
                .containsExactly("b/c.png");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 14, is packed with LZMA", "0, 93, is packed with Zstandard", "0, 95, is packed with XZ",
                "0, 98, is packed with PPMd",
        "0, 77, is packed with method 77", "1, 0, is encrypted", "1, 99, is encrypted", "9, 8, is encrypted"
    })
    void aZipThatCannotBeReadIsNamedAsWhatItIs(int flags, int method, String message) throws IOException {
        refused(put("a.zip", new Zip().add("a.png", flags, method).bytes()), "a.zip: its file 'a.png' " + message);
    }

    @Test
    void aZipWrittenAsAStreamIsReadByItsList() throws IOException {
        Path zip = put(
                "a.zip",
                new Zip()
                        .add("rose/a.png", DESCRIPTOR, 0)
                        .add("rose/b.png", DESCRIPTOR, 0)
                        .bytes());
        assertThat(text(zip, "rose/b.png")).isEqualTo("content of rose/b.png");
    }

    @Test
    void aFileOfAnotherChecksumIsDamaged() throws IOException {
        byte[] name = "a.png".getBytes(StandardCharsets.UTF_8);
        refused(
                put("a.zip", new Zip().add(name, 0, 0, new byte[0], "x", 1).bytes()),
                "the archive is damaged (the checksum of its file 'a.png' is another)");
    }

    @Test
    void aZipWhoseListBreaksOffLosesNothingInSilence() throws IOException {
        byte[] zip = new Zip().add("a.png", 0, 0).add("b.png", 0, 0).bytes();
        int second = zip.length - 22 - 51; // the end, and before it the second of two entries of 46 + 5 bytes
        zip[second] = 'x';
        refused(put("a.zip", zip), "the list of its files, which stands at its end, is damaged");
    }

    @Test
    void whatTheBytesAreDecidesNotTheName() throws IOException {
        byte[] tar = tar(t -> file(t, "a.png"));
        assertThat(names(put("a.tar", gzip(tar)))).containsExactly("a.png");
        assertThat(names(put("a.tgz", tar))).containsExactly("a.png");
        assertThat(names(put("b.tar", new Zip().add("z.png", 0, 0).bytes()))).containsExactly("z.png");
        refused(put("c.tar", "BZh91AY&SY".getBytes(StandardCharsets.US_ASCII)), "packed with bzip2, which is not read");
        refused(put("d.tar", "<html>404</html>".repeat(100).getBytes(StandardCharsets.US_ASCII)), "damaged or cut off");
        refused(put("e.zip", new byte[0]), "e.zip: an empty file");
        refused(put("f.zip", "<html>404</html>".getBytes(StandardCharsets.US_ASCII)), "damaged or cut off");
    }

    @Test
    void anyCutAndAnyDamageEndsInOneSentence() throws IOException {
        byte[] tar = tar(t -> {
            file(t, "rose/a.png");
            file(t, "rose/" + "long".repeat(40) + ".png");
            link(t, "rose/c.png", TarConstants.LF_SYMLINK, "a.png");
        });
        byte[] pax = tar("UTF-8", TarArchiveOutputStream.LONGFILE_POSIX, t -> file(t, "rose/" + "long".repeat(40)));
        byte[] zip = new Zip()
                .add("rose/a.png", 0, 0)
                .add("tulip/b.png", DESCRIPTOR | UTF8, 0)
                .add("tulip/c.png", 0, 8)
                .bytes();
        var random = new Random(7);
        for (byte[] whole : List.of(tar, pax, gzip(tar), zip)) {
            for (int i = 0; i < 250; i++) {
                byte[] bad = i < 50 ? Arrays.copyOf(whole, whole.length * i / 50) : whole.clone();
                for (int k = 0; k < 3 && i >= 50; k++) {
                    bad[random.nextInt(bad.length)] = (byte) random.nextInt();
                }
                Path archive = put("bad.tar", bad);
                try {
                    names(archive);
                } catch (DataException e) {
                    assertThat(e.getMessage()).startsWith(archive + ":").doesNotContain("null", "\n");
                }
            }
        }
        refused(put("cut.tgz", Arrays.copyOf(gzip(tar), 1)), "damaged or cut off");
        refused(put("cut.tgz", Arrays.copyOf(gzip(tar), 40)), "damaged or cut off (it ends too early)");
    }

    @Test
    void linksInATarAreFollowedAndLoopsEnd() throws IOException {
        Path tar = put("a.tar", tar(t -> {
            file(t, "store/tulip/p.png");
            file(t, "set/rose/a.png");
            link(t, "set/rose/hard.png", TarConstants.LF_LINK, "set/rose/a.png");
            link(t, "set/rose/soft.png", TarConstants.LF_SYMLINK, "./a.png");
            link(t, "set/tulip", TarConstants.LF_SYMLINK, "../store/tulip");
            link(t, "set/rose/again", TarConstants.LF_SYMLINK, "..");
            link(t, "set/rose/self", TarConstants.LF_SYMLINK, "self");
            link(t, "set/rose/outside.png", TarConstants.LF_SYMLINK, "../../../etc/passwd");
            link(t, "set/rose/away.png", TarConstants.LF_SYMLINK, "/etc/passwd");
            link(t, "set/rose/none.png", TarConstants.LF_LINK, "set/none.png");
        }));
        assertThat(names(tar))
                .contains("set/rose/a.png", "set/rose/hard.png", "set/rose/soft.png", "set/tulip/p.png")
                .noneMatch(name -> name.contains("again/rose") || name.contains("self") || name.contains("away"));
        assertThat(text(tar, "set/rose/hard.png")).isEqualTo("content of set/rose/a.png");
        assertThat(text(tar, "set/rose/soft.png")).isEqualTo("content of set/rose/a.png");
        assertThat(text(tar, "set/tulip/p.png")).isEqualTo("content of store/tulip/p.png");
        assertThat(Tree.of(tar).notes())
                .anyMatch(note -> note.contains("away.png, a link to what is not in the archive"))
                .anyMatch(note -> note.contains("none.png, a link to set/none.png, which does not come before it"));
    }

    @Test
    void linksThatMultiplyAreRefused() throws IOException {
        Path tar = put("a.tar", tar(t -> {
            file(t, "d20/a.png");
            for (int i = 0; i < 20; i++) {
                link(t, "d" + i + "/x", TarConstants.LF_SYMLINK, "../d" + (i + 1));
                link(t, "d" + i + "/y", TarConstants.LF_SYMLINK, "../d" + (i + 1));
            }
        }));
        refused(tar, "symbolic links show this folder in more than 100 places");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8, true", "GBK, false", "ISO-8859-1, false"})
    void namesInATarStayApartInAnyEncoding(String encoding, boolean told) throws IOException {
        List<String> classes = encoding.equals("ISO-8859-1")
                ? List.of("caf\u00e9", "caf\u00e8")
                : List.of("\u82b1\u706b", "\u5199\u771f");
        String longName = "/" + "x".repeat(120) + ".png";
        Path tar = put("a.tar", tar(encoding, TarArchiveOutputStream.LONGFILE_GNU, t -> {
            for (String name : classes) {
                file(t, name + "/a.png");
                file(t, name + longName);
                link(t, name + "/b.png", TarConstants.LF_LINK, name + "/a.png");
            }
        }));
        assertThat(names(tar)).hasSize(6).doesNotHaveDuplicates();
        if (told) {
            assertThat(names(tar)).contains(classes.get(0) + "/a.png", classes.get(0) + longName);
            assertThat(Tree.of(tar).notes()).isEmpty();
        } else {
            assertThat(Tree.of(tar).notes()).anyMatch(note -> note.contains("the names in it are not in UTF-8"));
        }
    }

    @Test
    void namesOfTheNewerHeadersAreUtf8WhateverStandsBesideThem() throws IOException {
        Path tar = put("a.tar", tar("ISO-8859-1", TarArchiveOutputStream.LONGFILE_POSIX, t -> {
            file(t, "caf\u00e9/a.png");
            file(t, "what?/b.png");
        }));
        assertThat(names(tar)).containsExactly("caf\u00e9/a.png", "what?/b.png");
    }

    @Test
    void namesInAZipAreReadByTheirMarkByInfoZipsFieldAndElseStayApart() throws IOException {
        byte[] gbk = "\u82b1\u706b/a.png".getBytes(Charset.forName("GBK"));
        byte[] other = "\u5199\u771f/a.png".getBytes(Charset.forName("GBK"));
        var sum = new CRC32();
        sum.update(gbk);
        byte[] real = "\u82b1\u706b/a.png".getBytes(StandardCharsets.UTF_8);
        byte[] field = ByteBuffer.allocate(9 + real.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x7075)
                .putShort((short) (5 + real.length))
                .put((byte) 1)
                .putInt((int) sum.getValue())
                .put(real)
                .array();
        assertThat(names(
                        put("field.zip", new Zip().add(gbk, 0, 0, field, "x", 0).bytes())))
                .containsExactly("\u82b1\u706b/a.png");
        assertThat(names(put(
                        "marked.zip",
                        new Zip().add(real, UTF8, 0, new byte[0], "x", 0).bytes())))
                .containsExactly("\u82b1\u706b/a.png");
        assertThat(names(put(
                        "unmarked.zip",
                        new Zip().add(real, 0, 0, new byte[0], "x", 0).bytes())))
                .containsExactly("\u82b1\u706b/a.png");
        Path untold = put(
                "untold.zip",
                new Zip()
                        .add(gbk, 0, 0, new byte[0], "x", 0)
                        .add(other, 0, 0, new byte[0], "y", 0)
                        .bytes());
        assertThat(names(untold)).hasSize(2).doesNotHaveDuplicates();
        assertThat(Tree.of(untold).notes()).anyMatch(note -> note.contains("not in UTF-8"));
    }

    @Test
    void aNameLongerThanAnyPathIsRefused() throws IOException {
        Path archive = put(
                "long.tar",
                tar(
                        "UTF-8",
                        TarArchiveOutputStream.LONGFILE_POSIX,
                        tar -> file(tar, "a/" + "1".repeat(5000) + "a1.png")));
        refused(archive, "the name of one of its files has 5008 characters, more than the 4096 of any path");
    }

    @Test
    void aHeaderWithoutEndIsNotKept() throws IOException {
        var tar = new ByteArrayOutputStream();
        var entry = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
        entry.setSize(1L << 34);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header);
        tar.write(gzip(header));
        byte[] names = gzip("x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 4000; i++) { // 4 GB of a name in 4 MB
            tar.write(names);
        }
        refused(put("a.tar.gz", tar.toByteArray()), "the archive is damaged or cut off");
    }

    @Test
    void oneFileMayNotUnpackToMoreThanIsReadOfOne() throws IOException {
        var entry = new TarArchiveEntry("a.png");
        entry.setSize(3L << 30);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header);
        refused(put("a.tar", Arrays.copyOf(header, 2048)), "its file 'a.png' has 3072 MB, more than the 1024 MB");
    }

    @Test
    void foldersOnDiskWithNamesThatAreNoTextStayApart() throws IOException, InterruptedException {
        // as by an old system: two names of bytes that are no UTF-8, made by the shell since Java cannot write them
        int done = new ProcessBuilder(
                        "sh",
                        "-c",
                        "for n in '\\350' '\\351'; do d=$(printf \"caf$n\"); mkdir \"$d\" && echo x > \"$d/a.png\"; done")
                .directory(folder.toFile())
                .start()
                .waitFor();
        org.junit.jupiter.api.Assertions.assertEquals(0, done);
        assertThat(Tree.of(folder).files().stream().map(file -> file.path().get(0)))
                .hasSize(2)
                .doesNotHaveDuplicates();
        assertThat(Tree.of(folder).files().get(0).bytes().get()).containsExactly('x', '\n');
    }

    @Test
    void lineBreaksAndEscapesOfNamesAreShownNotSent() throws IOException {
        Path tar = put("a.tar", tar(t -> file(t, "ro\nse/../\u001b[31mx.png")));
        refused(tar, "its entry 'ro\\nse/../\\u001b[31mx.png' climbs out");
        Splits splits = Splits.trainOnly(Dataset.empty(List.of()), List.of("a\nb"));
        assertThat(splits.notes()).containsExactly("a\\nb");
    }
}
