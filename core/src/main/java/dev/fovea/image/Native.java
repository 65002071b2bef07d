package dev.fovea.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** Decoding by OpenCV, once a file's header has been read and found sound. */
final class Native {

    /** What a pixel's fourth value is. */
    enum Alpha {
        NONE,
        STRAIGHT,
        /** The colours have been multiplied by it already. */
        MULTIPLIED,
        /** Opacity, unless it is 0 everywhere: then it was never set. */
        PERHAPS
    }

    private Native() {}

    /**
     * Eight bits, three colours.
     *
     * @param bytes what OpenCV is shown of {@code in}
     */
    static Image colours(Input in, byte[] bytes, int width, int height) {
        int flags = opencv_imgcodecs.IMREAD_COLOR_RGB | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
        try (Mat decoded = decode(in, bytes, flags)) {
            in.checkDecoded(width, height, decoded.cols(), decoded.rows());
            return copy(in, decoded);
        }
    }

    /**
     * The same of a JPEG at a fraction of its size.
     *
     * @param fraction OpenCV's flag for it, which gives blue, green, red
     */
    static Image reduced(Input in, byte[] bytes, int fraction) {
        try (Mat decoded = decode(in, bytes, fraction | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION)) {
            return frame(decoded);
        }
    }

    /** As many bits and values as there are, laid on white. */
    static Image unchanged(Input in, int width, int height, Alpha alpha) {
        try (Mat decoded = decode(in, in.bytes, opencv_imgcodecs.IMREAD_UNCHANGED)) {
            in.checkDecoded(width, height, decoded.cols(), decoded.rows());
            return flattened(in, decoded, alpha);
        }
    }

    /** OpenCV's copy of the file is gone when the pixels are copied: large images have both as large. */
    private static Mat decode(Input in, byte[] bytes, int flags) {
        try (var data = new BytePointer(bytes);
                var buffer = new Mat(1, bytes.length, opencv_core.CV_8UC1, data)) {
            Mat decoded = opencv_imgcodecs.imdecode(buffer, flags);
            if (!decoded.empty()) {
                return decoded;
            }
            decoded.close();
        } catch (RuntimeException e) {
            // OpenCV's own words name its source files
        }
        throw in.damaged("it cannot be decoded");
    }

    /** A copy of a frame of a video: blue, green, red. */
    static Image frame(Mat mat) {
        int channels = mat.channels();
        byte[] bgr = new byte[Image.bytes(mat.cols(), mat.rows(), channels)];
        rows(mat).get(bgr);
        if (channels == 1) {
            return new Image(mat.cols(), mat.rows(), 1, bgr).toRgb();
        }
        for (int i = 0; i + 2 < bgr.length; i += 3) {
            byte blue = bgr[i];
            bgr[i] = bgr[i + 2];
            bgr[i + 2] = blue;
        }
        return new Image(mat.cols(), mat.rows(), 3, bgr);
    }

    /** A copy of a colour image as a frame of a video: blue, green, red; the caller closes it. */
    static Mat bgr(Image image) {
        byte[] rgb = image.pixels();
        byte[] bgr = new byte[rgb.length];
        for (int i = 0; i + 2 < rgb.length; i += 3) {
            bgr[i] = rgb[i + 2];
            bgr[i + 1] = rgb[i + 1];
            bgr[i + 2] = rgb[i];
        }
        var mat = new Mat(image.height(), image.width(), opencv_core.CV_8UC3);
        rows(mat).put(bgr);
        return mat;
    }

    private static Image copy(Input in, Mat mat) {
        if (mat.type() != opencv_core.CV_8UC3) {
            throw in.damaged("it cannot be decoded");
        }
        byte[] pixels = new byte[Image.bytes(mat.cols(), mat.rows(), 3)];
        rows(mat).get(pixels);
        return new Image(mat.cols(), mat.rows(), 3, pixels);
    }

    private static ByteBuffer rows(Mat mat) {
        long size = Math.multiplyExact(mat.total(), mat.elemSize());
        return mat.data().capacity(Math.toIntExact(size)).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    private static Image flattened(Input in, Mat mat, Alpha alpha) {
        int channels = mat.channels();
        int depth = mat.depth();
        boolean known = depth == opencv_core.CV_8U
                || depth == opencv_core.CV_16U
                || depth == opencv_core.CV_32F
                || depth == opencv_core.CV_64F;
        if (!known || channels == 2 || channels > 4) {
            throw in.failed(
                    "a %s of %s values a pixel of a kind that is not read here. Convert it to PNG, or skip broken images"
                            .formatted(in.format.word, channels));
        }
        ByteBuffer values = rows(mat);
        int size = (int) mat.elemSize1();
        int count = Math.multiplyExact(mat.rows(), mat.cols());
        boolean opaque = channels < 4 || alpha == Alpha.NONE || alpha == Alpha.PERHAPS && unset(values, count, size);
        byte[] pixels = new byte[Image.bytes(mat.cols(), mat.rows(), 3)];
        for (int i = 0; i < count; i++) {
            int at = i * channels * size;
            int opacity = opaque ? 255 : value(in, values, at + 3 * size, depth);
            for (int c = 0; c < 3; c++) {
                int value = value(in, values, channels < 3 ? at : at + (2 - c) * size, depth);
                pixels[3 * i + c] = (byte)
                        (alpha == Alpha.MULTIPLIED
                                ? Math.min(255, value + 255 - opacity)
                                : Image.onWhite(value, opacity));
            }
        }
        return new Image(mat.cols(), mat.rows(), 3, pixels);
    }

    private static boolean unset(ByteBuffer values, int count, int size) {
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < size; k++) {
                if (values.get((4 * i + 3) * size + k) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int value(Input in, ByteBuffer values, int at, int depth) {
        if (depth == opencv_core.CV_8U) {
            return values.get(at) & 0xFF;
        }
        if (depth == opencv_core.CV_16U) {
            return Image.eight(values.getShort(at) & 0xFFFF);
        }
        double real = depth == opencv_core.CV_32F ? values.getFloat(at) : values.getDouble(at);
        if (!(real >= 0 && real <= 1)) {
            throw in.failed(
                    "floating-point values from 0 to 1 were expected, it has %s. Scale them, save 8 or 16 bits a sample, or skip broken images"
                            .formatted(real));
        }
        return (int) Math.round(real * 255);
    }
}
