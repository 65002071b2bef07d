package dev.fovea.task.compress;

import dev.fovea.image.Image;
import dev.fovea.io.CodedImage;
import dev.fovea.run.Comparison;
import dev.fovea.run.Trial;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Compression as it is tried: the image that comes back, how many bytes it took, and JPEG of no more of them. */
record CompressionTrial(Codec codec) implements Trial {

    @Override
    public Outcome of(Image image, Optional<Image> mask, Map<String, Double> chosen) {
        Image shown = codec.shown(image);
        CodedImage coded = codec.compress(shown);
        Image made = codec.decompress(coded);
        int bytes = coded.toBytes().length;
        byte[] jpegBytes = Codec.jpegOf(shown, bytes);
        Image jpeg = Codec.decoded(shown, jpegBytes);
        double pixels = (double) shown.width() * shown.height();
        var values = new LinkedHashMap<String, Object>();
        values.put("bytes", bytes);
        values.put("bitsPerPixel", 8 * bytes / pixels);
        values.put("psnr", Comparison.psnr(shown, made));
        values.put("jpegBytes", jpegBytes.length);
        values.put("jpegBitsPerPixel", 8 * jpegBytes.length / pixels);
        values.put("jpegPsnr", Comparison.psnr(shown, jpeg));
        return new Outcome(
                values,
                String.format(Locale.ROOT, "%,d bytes, %.1f dB", bytes, Comparison.psnr(shown, made)),
                Map.of(
                        Role.INPUT, shown.toBufferedImage(),
                        Role.OUTPUT, made.toBufferedImage(),
                        Role.COMPARED, jpeg.toBufferedImage()));
    }
}
