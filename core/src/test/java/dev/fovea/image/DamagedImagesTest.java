package dev.fovea.image;

import static dev.fovea.image.FormatsTest.ascii;
import static dev.fovea.image.FormatsTest.encoded;
import static dev.fovea.image.FormatsTest.joined;
import static dev.fovea.image.FormatsTest.wave;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, what is noted, and that sizes are looked at before memory is taken. */
class DamagedImagesTest {

    private static final byte[] END = {(byte) 0xFF, (byte) 0xD9};

    @ParameterizedTest
    @ValueSource(
            strings = {
                "png",
                "jpeg",
                "stray jpeg",
                "gif",
                "gif frame",
                "bmp",
                "webp",
                "webp canvas",
                "webp lossy",
                "pgm",
                "tiff",
                "tiff tile"
            })
    void refusesMoreThanAHundredMegapixelsFromTheHeaderOfEveryFormat(String kind) {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Image.decode(huge(kind), "bomb"))
                .withMessage(
                        "bomb: 16000 x 16000 pixels are more than the 100 million allowed. Scale it down, or skip broken images");
    }

    private static byte[] huge(String kind) {
        int side = 16_000;
        ByteBuffer out = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
        switch (kind) {
            case "png" -> {
                return new PngFile(side, side, 8, 2).rows(0, new byte[100]).bytes();
            }
            case "jpeg", "stray jpeg" -> {
                out.order(ByteOrder.BIG_ENDIAN)
                        .putShort((short) 0xFFD8)
                        .putInt(0xFFE00004)
                        .putShort((short) 0);
                if (kind.startsWith("stray")) {
                    out.putShort((short) 0x1234);
                }
                out.putInt(0xFFC00011).put((byte) 8).putShort((short) side).putShort((short) side);
            }
            case "gif" -> out.put(FormatsTest.gif(side, side, 0, 0, 2, 1));
            case "gif frame" -> out.put(FormatsTest.gif(2, 1, 0, 0, side, side));
            case "bmp" ->
                out.put(ascii("BM"))
                        .position(14)
                        .putInt(40)
                        .putInt(side)
                        .putInt(-side)
                        .putShort((short) 1)
                        .putShort((short) 24);
            case "webp" -> {
                out.put(ascii("RIFF"))
                        .putInt(300)
                        .put(ascii("WEBPVP8L"))
                        .putInt(250)
                        .put((byte) 0x2F);
                out.putInt(side - 1 | side - 1 << 14);
            }
            case "webp canvas" -> {
                out.put(ascii("RIFF"))
                        .putInt(300)
                        .put(ascii("WEBPVP8X"))
                        .putInt(10)
                        .putInt(0);
                out.putShort((short) (side - 1))
                        .put((byte) 0)
                        .putShort((short) (side - 1))
                        .put((byte) 0);
            }
            case "webp lossy" -> {
                out.put(ascii("RIFF"))
                        .putInt(300)
                        .put(ascii("WEBPVP8 "))
                        .putInt(250)
                        .putInt(0x9D000010);
                out.putShort((short) 0x2A01).putShort((short) side).putShort((short) side);
            }
            case "pgm" -> out.put(ascii("P5\n16000 16000\n255\n"));
            default -> {
                boolean tile = kind.endsWith("tile");
                int[][] entries = {
                    {256, tile ? 10 : side}, {257, tile ? 10 : side}, {258, 8}, {277, 1}, {322, side}, {323, side}
                };
                out.put(ascii("II")).putShort((short) 42).putInt(8).putShort((short) (tile ? 6 : 4));
                for (int[] entry : Arrays.copyOf(entries, tile ? 6 : 4)) {
                    out.putShort((short) entry[0]).putShort((short) 4).putInt(1).putInt(entry[1]);
                }
            }
        }
        return out.array();
    }

    @Test
    void takesNoMemoryForAPngOrJpegWhoseDataCannotFillItsSize() {
        byte[] png = new PngFile(9_999, 9_999, 16, 6).rows(0, new byte[100]).bytes();
        refused(png, "is cut off before its end");
        byte[] jpeg = wave(64, 64).jpegBytes(90);
        int frame = indexOf(jpeg, 0xFFC0) + 5;
        ByteBuffer.wrap(jpeg).putShort(frame, (short) 9_000).putShort(frame + 2, (short) 9_000);
        refused(jpeg, "is cut off before its end");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void refusesAJpegThatWasCutAndGivenAnEndMark(int progressive) {
        byte[] whole = encoded(
                ".jpg", wave(160, 120).pixels(), 120, 160, 3, opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE, progressive);
        assertThat(Image.decode(whole, "a.jpg").notes()).isEmpty();
        // a cut progressive file may lose whole scans alone: those are noted, not refused
        for (int length = whole.length / 4; length < whole.length * 9 / 10; length += 97) {
            byte[] cut = joined(Arrays.copyOf(whole, length), END);
            try {
                assertThat(Image.decode(cut, "a.jpg").notes())
                        .as("cut at %d", length)
                        .isNotEmpty();
                assertThat(progressive).isEqualTo(1);
            } catch (ImageException e) {
                assertThat(e).hasMessageContaining("cut off before its end");
            }
        }
    }

    @Test
    void saysHowMuchOfACutJpegIsThere() {
        byte[] whole = wave(160, 120).jpegBytes(90);
        refused(
                joined(Arrays.copyOf(whole, whole.length / 2), END),
                "the jpeg is cut off before its end: the data of 4\\d % of it is there. Delete it, or skip broken images");
    }

    @Test
    void refusesAJpegWhoseTailIsZeros() {
        byte[] whole = wave(160, 120).jpegBytes(90);
        Arrays.fill(whole, whole.length / 2, whole.length - 2, (byte) 0);
        assertThatExceptionOfType(ImageException.class).isThrownBy(() -> Image.decode(whole, "a.jpg"));
    }

    @Test
    void readsAJpegWithStrayBytesAndNotesThem() {
        byte[] whole = wave(160, 120).jpegBytes(90);
        byte[] pixels = Image.decode(whole, "a.jpg").pixels();
        byte[] behind = joined(Arrays.copyOf(whole, whole.length - 2), joined(new byte[] {1, 2, 3, 4}, END));
        byte[] before = joined(
                joined(Arrays.copyOf(whole, 20), new byte[] {7, 7}), Arrays.copyOfRange(whole, 20, whole.length));
        byte[] endless = Arrays.copyOf(whole, whole.length - 2);
        for (byte[] file : new byte[][] {behind, before, endless}) {
            Image image = Image.decode(file, "a.jpg");
            assertThat(image.pixels()).isEqualTo(pixels);
            assertThat(image.notes()).hasSize(1);
        }
    }

    @Test
    void readsAWholeJpegWithoutAnEndMarkWhateverStandsBehindItsData() {
        byte[] whole = wave(160, 120).jpegBytes(90);
        byte[] endless = Arrays.copyOf(whole, whole.length - 2);
        byte[][] behind = {
            {(byte) 0xFF, (byte) 0xC4, 0, 5, 1, 2, 3},
            {(byte) 0xFF, (byte) 0xE1, 100, 0, 1},
            {(byte) 0xFF, (byte) 0xC0, 0, 2}
        };
        for (byte[] more : behind) {
            Image image = Image.decode(joined(endless, more), "a.jpg");
            assertThat(image.pixels()).isEqualTo(Image.decode(whole, "a.jpg").pixels());
            assertThat(image.notes()).containsExactly("it has no end mark");
        }
    }

    @Test
    void readsAJpegWhoseMarkersNameWhatThereIsNotAndNotesIt() {
        byte[] whole = wave(160, 120).jpegBytes(90);
        byte[] pixels = Image.decode(whole, "a.jpg").pixels();
        byte[] version = whole.clone();
        version[11] = 0;
        for (int epoch = 0; epoch < 2; epoch++) { // the second time it is known
            assertThat(Image.decode(version, "a.jpg").pixels()).isEqualTo(pixels);
        }
        byte[] scan = whole.clone();
        scan[indexOf(whole, 0xFFDA) + 12] = 5;
        Image image = Image.decode(scan, "a.jpg");
        assertThat(image.pixels()).isEqualTo(pixels);
        assertThat(image.notes()).hasSize(1);
    }

    @Test
    void remembersOnlyWholeJpegs() {
        byte[] whole = wave(160, 120).jpegBytes(91);
        byte[] cut = joined(Arrays.copyOf(whole, whole.length / 2), END);
        for (int i = 0; i < 2; i++) {
            refused(cut, "cut off before its end");
            assertThat(Image.decode(whole, "a.jpg").notes()).isEmpty();
        }
    }

    @Test
    void refusesAPngWithAFlippedBitOrTooFewRows() {
        byte[] flipped = new PngFile(8, 1, 8, 0).rows(0, new byte[8]).bytes();
        flipped[43] ^= 1;
        refused(flipped, "the checksum of its IDAT chunk is wrong");
        byte[] few = new PngFile(8, 2, 8, 0).rows(0, new byte[8]).bytes();
        refused(few, "is cut off before its end");
    }

    @Test
    void notesAPngWithADamagedText() {
        byte[] png = new PngFile(1, 1, 8, 0)
                .chunk("tEXt", new byte[4])
                .rows(0, new byte[1])
                .bytes();
        png[42] ^= 1;
        assertThat(Image.decode(png, "a.png").notes()).containsExactly("the checksum of its tEXt chunk is wrong");
    }

    @Test
    void refusesGifAndWebpWithATailOfZeros() {
        byte[] gif = FormatsTest.gif(2, 1, 0, 0, 2, 1);
        byte[] tail = Arrays.copyOf(Arrays.copyOf(gif, gif.length - 5), gif.length + 100);
        refused(tail, "is cut off before its end");
        byte[] second = Arrays.copyOf(Arrays.copyOf(gif, gif.length - 1), gif.length + 100);
        assertThatExceptionOfType(ImageException.class).isThrownBy(() -> Movie.gif(second, "a.gif"));
        for (int quality : new int[] {60, 101}) {
            byte[] webp = encoded(
                    ".webp", wave(160, 120).pixels(), 120, 160, 3, opencv_imgcodecs.IMWRITE_WEBP_QUALITY, quality);
            Arrays.fill(webp, webp.length / 2, webp.length, (byte) 0);
            refused(webp, "is cut off before its end");
        }
    }

    @Test
    void readsAWebpOfOneColour() {
        for (int quality : new int[] {1, 60, 101}) {
            byte[] webp = encoded(
                    ".webp", new byte[1500 * 1500 * 3], 1500, 1500, 3, opencv_imgcodecs.IMWRITE_WEBP_QUALITY, quality);
            assertThat(Image.decode(webp, "a.webp").width()).isEqualTo(1500);
        }
    }

    @Test
    void aBmpMayHaveAsManyPixelsAsItsMemoryAllows() {
        byte[] file = encoded(".bmp", wave(40, 30).pixels(), 30, 40, 3);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 8000).putInt(22, 9000);
        refused(file, "is cut off before its end"); // its data would do, were it there
    }

    @Test
    void refusesShortBmpTiffAndPnmAndNotesTheirZeros() {
        byte[] bmp = encoded(".bmp", wave(40, 30).pixels(), 30, 40, 3);
        byte[] pnm = joined(ascii("P6 40 30 255\n"), wave(40, 30).pixels());
        byte[] tiff = encoded(".tiff", wave(40, 30).pixels(), 30, 40, 3, opencv_imgcodecs.IMWRITE_TIFF_COMPRESSION, 1);
        for (byte[] file : new byte[][] {bmp, pnm, tiff}) {
            assertThat(Image.decode(file, "a").notes()).isEmpty();
            refused(Arrays.copyOf(file, file.length - 200), "is cut off before its end");
        }
        for (byte[] file : new byte[][] {bmp, pnm}) {
            Arrays.fill(file, file.length / 2, file.length, (byte) 0);
            assertThat(Image.decode(file, "a").notes())
                    .singleElement()
                    .asString()
                    .matches("the last 5\\d % of its data are zeros: black, or a file that was not copied whole");
        }
    }

    @Test
    void readsRegularFilesOnly(@TempDir Path folder) {
        unreadable(folder, "a folder, not a file");
        unreadable(folder.resolve("none.png"), "no such file");
        if (Files.exists(Path.of("/dev/zero"))) {
            unreadable(Path.of("/dev/zero"), "a device or a pipe, not a regular file");
        }
    }

    private static void unreadable(Path file, String why) {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Image.read(file))
                .withMessage("%s: cannot be read (%s)".formatted(file, why));
    }

    private static void refused(byte[] file, String message) {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Image.decode(file, "a"))
                .satisfies(
                        e -> assertThat(e.getMessage()).containsPattern(message).hasLineCount(1));
    }

    private static int indexOf(byte[] bytes, int marker) {
        for (int i = 0; ; i++) {
            if ((bytes[i] & 0xFF) == marker >> 8 && (bytes[i + 1] & 0xFF) == (marker & 0xFF)) {
                return i;
            }
        }
    }
}
