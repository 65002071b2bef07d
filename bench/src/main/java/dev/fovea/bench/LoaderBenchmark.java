package dev.fovea.bench;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Dataset;
import dev.fovea.data.Folder;
import dev.fovea.data.GeometricTransform;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Sampling;
import dev.fovea.data.Shapes;
import dev.fovea.image.Fill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Images a second that {@link Loader} delivers with as many workers as cores, a whole epoch at a time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LoaderBenchmark {

    private static final int SMALL = 4096;
    private static final int FILES = 256;
    private static final int BATCH = 64;

    private final int workers = Runtime.getRuntime().availableProcessors();
    private Path folder;
    private Loader cached;
    private Loader augmented;
    private Loader files;
    private int epoch;

    /** Writes the files, and fills the caches. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        Dataset small = new Shapes(0, SMALL, 32);
        Preprocess plain = Preprocess.of(32, 32, 3);
        var change = Augmentation.of(
                GeometricTransform.Flip.horizontal(),
                new GeometricTransform.Translate(0.1, 0.1, Fill.NEAREST, 0),
                new GeometricTransform.Rotate(10, Fill.NEAREST, 0));
        cached = new Loader(small, plain, Augmentation.NONE, options(1L << 30));
        augmented = new Loader(small, plain, change, options(1L << 30));
        pass(cached);
        pass(augmented);

        folder = Files.createTempDirectory("fovea-bench");
        for (String name : List.of("one", "two")) {
            Files.createDirectory(folder.resolve(name));
        }
        for (int i = 0; i < FILES; i++) {
            Files.write(folder.resolve(i % 2 == 0 ? "one" : "two").resolve(i + ".jpg"), SampleImages.file(i, "jpg"));
        }
        files = new Loader(Folder.of(folder), Preprocess.of(224, 224, 3), Augmentation.NONE, options(0));
    }

    /** Deletes the files. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        cached.close();
        augmented.close();
        files.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** 32×32 pixels from the cache. */
    @Benchmark
    @OperationsPerInvocation(SMALL)
    public long cached() {
        return pass(cached);
    }

    /** 32×32 pixels from the cache, mirrored, shifted and turned. */
    @Benchmark
    @OperationsPerInvocation(SMALL)
    public long augmented() {
        return pass(augmented);
    }

    /** JPEG files of 500×375 pixels, decoded every time and made 224×224. */
    @Benchmark
    @OperationsPerInvocation(FILES)
    public long jpegFiles() {
        return pass(files);
    }

    private Loader.Options options(long cacheBytes) {
        return new Loader.Options(BATCH, 0, workers, true, Sampling.INSTANCE_BALANCED, cacheBytes, false);
    }

    private long pass(Loader loader) {
        long pixels = 0;
        for (var batches = loader.epoch(++epoch, 0); batches.hasNext(); ) {
            pixels += batches.next().pixels().get(0);
        }
        return pixels;
    }
}
