package dev.fovea.bench;

import dev.fovea.data.Preprocess;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Images a second on one thread: decoding, resizing and both, 500×375 pixels; ImageIO for comparison. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ImageBenchmark {

    private final Preprocess preprocess = Preprocess.of(224, 224, 3);
    private byte[] jpeg;
    private byte[] png;
    private Image image;

    /** Draws the image. */
    @Setup
    public void draw() {
        image = SampleImages.image(0);
        jpeg = SampleImages.file(0, "jpg");
        png = SampleImages.file(0, "png");
    }

    @Benchmark
    public Image decodeJpeg() {
        return Image.decode(jpeg, "image.jpg");
    }

    @Benchmark
    public BufferedImage decodeJpegByImageIo() throws IOException {
        return ImageIO.read(new ByteArrayInputStream(jpeg));
    }

    @Benchmark
    public Image decodePng() {
        return Image.decode(png, "image.png");
    }

    @Benchmark
    public Image resizeBilinear() {
        return image.resize(224, 224, Filter.BILINEAR);
    }

    @Benchmark
    public Image resizeBicubic() {
        return image.resize(224, 224, Filter.BICUBIC);
    }

    /** What a loader does for each file: from JPEG to the network's 224×224. */
    @Benchmark
    public Image decodeJpegAndPreprocess() {
        return preprocess.apply(Image.decode(jpeg, "image.jpg"));
    }
}
