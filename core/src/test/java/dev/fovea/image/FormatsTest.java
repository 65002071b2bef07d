package dev.fovea.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of each format, against ImageIO, OpenCV's encoders and files built byte by byte. */
class FormatsTest {

    private static final int WHITE = 0xFFFFFF;

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_USHORT_GRAY,
                BufferedImage.TYPE_BYTE_BINARY,
                BufferedImage.TYPE_BYTE_INDEXED
            })
    void readsEveryKindOfPngPlainAndInterlaced(int type) throws IOException {
        BufferedImage image = noise(13, 11, type);
        for (boolean interlaced : new boolean[] {false, true}) {
            Image read = Image.decode(png(image, interlaced), "a.png");
            assertThat(read.notes()).isEmpty();
            for (int y = 0; y < 11; y++) {
                for (int x = 0; x < 13; x++) {
                    int expected = type == BufferedImage.TYPE_BYTE_GRAY
                            ? image.getRaster().getSample(x, y, 0) * 0x010101
                            : type == BufferedImage.TYPE_USHORT_GRAY
                                    ? (int) Math.round(image.getRaster().getSample(x, y, 0) / 257.0) * 0x010101
                                    : onWhite(image.getRGB(x, y));
                    assertThat(rgb(read, x, y)).isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 8, 0, 3", "0, 8, 1, 3", "0, 4, 2, 1", "0, 16, 3, 6", "2, 8, 4, 9", "4, 16, 0, 12", "6, 16, 0, 24"})
    void readsPngRowsOfEveryFilterAndDepth(int colour, int depth, int filter, int rowBytes) {
        byte[] first = new byte[rowBytes];
        byte[] second = new byte[rowBytes];
        for (int i = 0; i < rowBytes; i++) {
            first[i] = (byte) (40 + 23 * i);
            second[i] = (byte) (200 - 17 * i);
        }
        int width = rowBytes * 8 / (depth * new int[] {1, 0, 3, 0, 2, 0, 4}[colour]);
        var plain = new PngFile(width, 2, depth, colour).rows(0, first, second);
        var filtered = new PngFile(width, 2, depth, colour).rows(filter, first, second);
        Image read = Image.decode(filtered.bytes(), "a.png");
        assertThat(read.pixels()).isEqualTo(Image.decode(plain.bytes(), "a.png").pixels());
        if (depth == 8 && colour == 0) {
            assertThat(read.pixels()).startsWith(first[0], first[0], first[0], first[1]);
        }
    }

    @Test
    void laysTransparentGreyAndColourOnWhiteHoweverFarBackTheirChunkIs() {
        byte[] text = new byte[10_000];
        Image grey = Image.decode(
                new PngFile(3, 1, 8, 0)
                        .chunk("iTXt", text)
                        .chunk("tRNS", new byte[] {0, 7})
                        .rows(0, new byte[] {5, 7, 9})
                        .bytes(),
                "a.png");
        assertThat(grey.pixels()).containsExactly(5, 5, 5, -1, -1, -1, 9, 9, 9);
        Image colour = Image.decode(
                new PngFile(2, 1, 8, 2)
                        .chunk("iTXt", text)
                        .chunk("tRNS", new byte[] {0, 1, 0, 2, 0, 3})
                        .rows(0, new byte[] {1, 2, 3, 1, 2, 4})
                        .bytes(),
                "a.png");
        assertThat(colour.pixels()).containsExactly(-1, -1, -1, 1, 2, 4);
    }

    @Test
    void turnsPngWithOpacityAsExifSays() {
        byte[] exif = exif(6);
        Image image = Image.decode(
                new PngFile(2, 1, 8, 6)
                        .chunk("eXIf", exif)
                        .rows(0, new byte[] {10, 20, 30, -1, 40, 50, 60, 0})
                        .bytes(),
                "a.png");
        assertThat(image.width()).isEqualTo(1);
        assertThat(image.height()).isEqualTo(2);
        assertThat(image.pixels()).containsExactly(10, 20, 30, -1, -1, -1);
    }

    @ParameterizedTest
    @CsvSource({"1, abcdef", "2, badcfe", "3, fedcba", "4, efcdab", "5, acebdf", "6, ecafdb", "7, fdbeca", "8, bdface"})
    void standsUprightInAllEightOrientations(int orientation, String expected) {
        Image image = new Image(2, 3, 1, "abcdef".getBytes(StandardCharsets.US_ASCII));
        Image upright = Orientation.upright(image, orientation);
        assertThat(new String(upright.pixels(), StandardCharsets.US_ASCII)).isEqualTo(expected);
        assertThat(upright.width()).isEqualTo(orientation < 5 ? 2 : 3);
    }

    @Test
    void readsNothingBehindTheEndOfAPngOrJpeg() {
        byte[] png = new PngFile(1, 1, 8, 0).rows(0, new byte[] {9}).bytes();
        assertThat(Image.decode(joined(png, new byte[500]), "a.png").pixels()).containsExactly(9, 9, 9);
        byte[] jpeg = wave(40, 30).jpegBytes(90);
        byte[] film = new byte[3000];
        Arrays.fill(film, (byte) 0xFF);
        film[100] = (byte) 0xDA; // a film holds any bytes, those of markers too
        film[200] = (byte) 0xD8;
        Image motion = Image.decode(joined(jpeg, film), "motion.jpg");
        assertThat(motion.pixels()).isEqualTo(Image.decode(jpeg, "still.jpg").pixels());
        assertThat(motion.notes()).isEmpty();
    }

    @Test
    void laysTransparentWebpAndTiffAndBmpOnWhite() {
        for (String ending : new String[] {".webp", ".tiff", ".bmp"}) {
            byte[] file = encoded(ending, 4, new byte[] {30, 20, 10, -1, 30, 20, 10, 0, 0, 0, 0, -128, 9, 9, 9, 0});
            Image image = Image.decode(file, "a" + ending);
            assertThat(rgb(image, 0, 0)).as(ending).isEqualTo(0x0A141E);
            assertThat(rgb(image, 1, 0)).as(ending).isEqualTo(WHITE);
            assertThat(rgb(image, 0, 1) & 0xFF).as(ending).isBetween(126, 128);
        }
    }

    @Test
    void takesAnOpacityOfNothingEverywhereInABmpForUnset() {
        byte[] file = encoded(".bmp", 4, new byte[] {30, 20, 10, 0, 33, 22, 11, 0, 0, 0, 0, 0, 9, 9, 9, 0});
        assertThat(rgb(Image.decode(file, "a.bmp"), 0, 0)).isEqualTo(0x0A141E);
    }

    @ParameterizedTest
    @CsvSource({"'P2 2 1 15 0 15', 0, 255", "'P2\n# by hand\n2 1\n1\n1 0', 255, 0", "'P1 2 1 10', 0, 255"})
    void scalesTheLargestValueOfATextualPnmToWhiteWithOrWithoutALastNewline(String text, int first, int second) {
        byte[] expected = {(byte) first, (byte) first, (byte) first, (byte) second, (byte) second, (byte) second};
        for (String end : new String[] {"", "\n"}) {
            byte[] bytes = (text + end).getBytes(StandardCharsets.US_ASCII);
            assertThat(Image.decode(bytes, "a.pgm").pixels()).containsExactly(expected);
        }
    }

    @Test
    void readsBinaryPnmOfEightAndSixteenBitsAndBits() {
        assertThat(Image.decode(joined(ascii("P5 2 1 100\n"), new byte[] {50, 100}), "a.pgm")
                        .pixels())
                .containsExactly(128, 128, 128, 255, 255, 255);
        assertThat(Image.decode(joined(ascii("P5 2 1 4095\n"), new byte[] {0, 0, 15, -1}), "a.pgm")
                        .pixels())
                .containsExactly(0, 0, 0, 255, 255, 255);
        assertThat(Image.decode(joined(ascii("P6 1 1 255\n"), new byte[] {1, 2, 3}), "a.ppm")
                        .pixels())
                .containsExactly(1, 2, 3);
        assertThat(Image.decode(joined(ascii("P4 9 1\n"), new byte[] {-128, -128}), "a.pbm")
                        .pixels())
                .startsWith(0, 0, 0, 255)
                .endsWith(0, 0, 0);
    }

    @Test
    void readsFloatingPointTiffFromNoughtToOne() {
        byte[] file = floatTiff(0f, 0.5f, 1f, 0.25f);
        assertThat(Image.decode(file, "a.tif").pixels())
                .containsExactly(0, 0, 0, 128, 128, 128, 255, 255, 255, 64, 64, 64);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Image.decode(floatTiff(0f, 700f, 1f, 0f), "a.tif"))
                .withMessage(
                        "a.tif: floating-point values from 0 to 1 were expected, it has 700.0. Scale them, save 8 or 16 bits a sample, or skip broken images");
    }

    @Test
    void laysAFirstGifFrameOnItsCanvasAsTheMovingOneIs() {
        byte[] gif = gif(4, 3, 1, 1, 2, 1);
        Image image = Image.decode(gif, "a.gif");
        assertThat(image.width()).isEqualTo(4);
        assertThat(image.height()).isEqualTo(3);
        assertThat(rgb(image, 0, 0)).isEqualTo(WHITE);
        assertThat(rgb(image, 1, 1)).isEqualTo(0x0A141E);
        assertThat(rgb(image, 2, 1)).isEqualTo(0x281E14);
        assertThat(Movie.gif(gif, "a.gif").get(0).pixels()).isEqualTo(image.pixels());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsGifPixelsAsImageIoDoes(boolean interlaced) throws IOException {
        BufferedImage image = noise(61, 37, BufferedImage.TYPE_BYTE_INDEXED);
        var out = new ByteArrayOutputStream();
        var writer = ImageIO.getImageWritersByFormatName("gif").next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setProgressiveMode(interlaced ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), param);
        }
        Image read = Image.decode(out.toByteArray(), "a.gif");
        BufferedImage expected = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
        for (int i = 0; i < 61 * 37; i++) {
            assertThat(rgb(read, i % 61, i / 61)).isEqualTo(expected.getRGB(i % 61, i / 61) & WHITE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ftypheic, HEIC, heif-convert",
        "ftypavif, AVIF, avifdec",
        "'JXL ', JPEG XL, djxl",
        "'jP  ', JPEG 2000, opj_decompress"
    })
    void namesWhatItDoesNotReadAndHowToConvertIt(String box, String name, String tool) {
        byte[] file = joined(joined(new byte[] {0, 0, 0, 24}, ascii(box)), new byte[40]);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Image.decode(file, "a.jpg"))
                .withMessageStartingWith("a.jpg: a %s image, which is not read here. Convert it".formatted(name))
                .withMessageContaining(tool);
    }

    @Test
    void readsProgressiveAndRestartedJpegs() {
        Image image = wave(70, 50);
        byte[] pixels = image.pixels().clone();
        for (int[] settings : new int[][] {
            {opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE, 1},
            {opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 2},
            {opencv_imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111},
            {opencv_imgcodecs.IMWRITE_JPEG_OPTIMIZE, 1}
        }) {
            byte[] file = encoded(".jpg", pixels, 50, 70, 3, settings);
            Image read = Image.decode(file, "a.jpg");
            assertThat(read.notes()).isEmpty();
            assertThat(read.width()).isEqualTo(70);
        }
    }

    // ---- builders

    static byte[] encoded(String ending, int channels, byte[] fourPixels) {
        return encoded(ending, fourPixels, 2, 2, channels);
    }

    static byte[] encoded(String ending, byte[] pixels, int height, int width, int channels, int... settings) {
        try (var data = new BytePointer(pixels);
                var mat = new Mat(height, width, opencv_core.CV_8UC(channels), data);
                var out = new BytePointer();
                var options = new IntPointer(settings)) {
            opencv_imgcodecs.imencode(ending, mat, out, options);
            byte[] bytes = new byte[(int) out.limit()];
            out.get(bytes);
            return bytes;
        }
    }

    static Image wave(int width, int height) {
        byte[] pixels = new byte[height * width * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (128 + 100 * Math.sin(i / 17.0) + 20 * Math.cos(i * i / 300.0));
        }
        return new Image(width, height, 3, pixels);
    }

    private static BufferedImage noise(int width, int height, int type) {
        var image = new BufferedImage(width, height, type);
        int seed = 1;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                seed = seed * 1_103_515_245 + 12_345;
                if (type == BufferedImage.TYPE_BYTE_GRAY || type == BufferedImage.TYPE_USHORT_GRAY) {
                    image.getRaster().setSample(x, y, 0, seed >>> 8 & 0xFFFF);
                } else {
                    image.setRGB(x, y, seed);
                }
            }
        }
        return image;
    }

    private static byte[] png(BufferedImage image, boolean interlaced) throws IOException {
        var out = new ByteArrayOutputStream();
        var writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setProgressiveMode(interlaced ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), param);
        }
        return out.toByteArray();
    }

    /** A GIF of one frame of two pixels in a larger canvas. */
    static byte[] gif(int width, int height, int left, int top, int w, int h) {
        var out = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        out.put(ascii("GIF89a")).putShort((short) width).putShort((short) height);
        out.put((byte) 0x80).put((byte) 0).put((byte) 0);
        out.put(new byte[] {10, 20, 30, 40, 30, 20});
        out.put((byte) 0x2C)
                .putShort((short) left)
                .putShort((short) top)
                .putShort((short) w)
                .putShort((short) h);
        out.put((byte) 0).put((byte) 2);
        // codes of 3 bits: clear, 0, 1, end
        out.put((byte) 2).put((byte) (4 | 0 << 3 | (1 & 3) << 6)).put((byte) (1 >> 2 | 5 << 1));
        out.put((byte) 0).put((byte) 0x3B);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] floatTiff(float... values) {
        var out = ByteBuffer.allocate(8 + 4 * values.length + 2 + 9 * 12 + 4).order(ByteOrder.LITTLE_ENDIAN);
        out.put(ascii("II")).putShort((short) 42).putInt(8 + 4 * values.length);
        for (float value : values) {
            out.putFloat(value);
        }
        int[][] entries = {{256, 2}, {257, 2}, {258, 32}, {259, 1}, {262, 1}, {273, 8}, {277, 1}, {279, 16}, {339, 3}};
        out.putShort((short) entries.length);
        for (int[] entry : entries) {
            out.putShort((short) entry[0]).putShort((short) 4).putInt(1).putInt(entry[1]);
        }
        return out.array();
    }

    static byte[] exif(int orientation) {
        var out = ByteBuffer.allocate(26).order(ByteOrder.LITTLE_ENDIAN);
        out.put(ascii("II")).putShort((short) 42).putInt(8).putShort((short) 1);
        out.putShort((short) 0x0112).putShort((short) 3).putInt(1).putInt(orientation);
        return out.array();
    }

    static byte[] joined(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static int rgb(Image image, int x, int y) {
        int at = 3 * (y * image.width() + x);
        byte[] p = image.pixels();
        return (p[at] & 0xFF) << 16 | (p[at + 1] & 0xFF) << 8 | p[at + 2] & 0xFF;
    }

    private static int onWhite(int argb) {
        int alpha = argb >>> 24;
        return IntStream.of(16, 8, 0)
                .map(shift -> Image.onWhite(argb >> shift & 0xFF, alpha) << shift)
                .sum();
    }
}
