package dev.fovea.fuzz;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.io.Safetensors;
import dev.fovea.models.Architecture;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.Provenance;
import dev.fovea.models.TaskConfig;
import dev.fovea.nn.Loss;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.task.compress.Codec;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadataNode;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_videoio.VideoWriter;

/** Sound inputs for every reader, made here and not kept as files. */
final class Seeds {

    private static final Map<Reader, List<byte[]>> MADE = new EnumMap<>(Reader.class);
    private static final Map<String, Map<String, byte[]>> FOLDERS = new LinkedHashMap<>();
    private static final List<String> CLASSES = List.of("left", "right");
    private static Codec codec;

    private Seeds() {}

    static synchronized List<byte[]> of(Reader reader) {
        return MADE.computeIfAbsent(reader, Seeds::make);
    }

    private static List<byte[]> make(Reader reader) {
        return switch (reader) {
            case JPEG ->
                List.of(image(24, 17).jpegBytes(80), image(24, 17).toGray().jpegBytes(40));
            case PNG -> List.of(png(), encoded(alpha(), "png"), opencv(".png", opencv_core.CV_16UC3));
            case GIF -> List.of(encoded(rgb(), "gif"), encoded(alpha(), "gif"));
            case BMP -> List.of(encoded(rgb(), "bmp"), opencv(".bmp", opencv_core.CV_8UC4));
            case WEBP -> List.of(opencv(".webp", opencv_core.CV_8UC3), opencv(".webp", opencv_core.CV_8UC4));
            case TIFF -> List.of(encoded(rgb(), "tif"), opencv(".tiff", opencv_core.CV_32FC3));
            case PNM ->
                List.of(
                        opencv(".ppm", opencv_core.CV_8UC3),
                        opencv(".pgm", opencv_core.CV_16UC1),
                        bytes("P2\n# grey\n3 2\n255\n0 10 20\n30 40 255\n"));
            case GIF_FRAMES -> List.of(animation());
            case VIDEO -> List.of(video());
            case IDX_IMAGES -> List.of(idxImages());
            case IDX_LABELS -> List.of(idxLabels());
            case IDX_GZIP -> List.of(gzip(idxImages()));
            case CIFAR -> List.of(cifar());
            case TAR -> List.of(tar());
            case TAR_GZIP -> List.of(gzip(tar()));
            case ZIP -> List.of(zip(ZipArchiveEntry.DEFLATED), zip(ZipArchiveEntry.STORED));
            case CSV -> List.of(bytes("path,label\na.png,cat\na.png,dog\n"), bytes("a.png;\"a \"\"cat\"\"\"\n"));
            case SAFETENSORS -> List.of(safetensors());
            case PYTORCH -> List.of(resource("/weights/zip.pth"), resource("/weights/nested-legacy.pth"));
            case SAFETENSORS_INDEX -> List.of(bytes("{\"weight_map\":{\"0.weight\":\"one.safetensors\"}}"));
            case CONFIG -> List.of(model("config.json"));
            case WEIGHTS -> List.of(model("model.safetensors"));
            case CODEC_WEIGHTS -> List.of(codec("model.safetensors"));
            case CODED_IMAGE -> List.of(codec().compress(image(16, 16)).toBytes());
            case CHECKPOINT -> List.of(runFiles().get("checkpoints/last.safetensors"));
            case RECIPE -> List.of(recipe("mnist-cnn"), recipe("vae code=8"), recipe("patchcore"), recipe("dcgan"));
            case SETTING ->
                texts(
                        "epochs=3",
                        "optimizer.lr=0.1",
                        "augment=[{type: crop, area: [0.3, 1]}, flip]",
                        "optimizer={type: sgd}");
            case LAYERS ->
                texts(
                        "conv 8 3, relu, maxpool 2, flatten, dense 4, dropout 0.5, dense classes",
                        "conv 4 3 pad=same, batchnorm, relu, upsample 2, avgpool 2, flatten, dense classes");
            case MODELS -> texts("vae code=8", "resnet18", "encoder(conv-autoencoder code=4 width=8), dense classes");
            case LAYER_PHRASES -> List.of(new byte[] {0, 2, 7, 3, 22, 0, 11, 1, 26});
            case MODEL_PHRASES -> List.of(new byte[] {0, 0}, new byte[] {place("vae"), 1, 0, 1, 5});
            case SETTING_PHRASES -> List.of(Phrases.bytes("epochs"));
            case SIZES -> List.of(new byte[] {9, 9, 0, 0, 1, 0, 2, 0, 0, 5, 9, 0, 0, 0, 0, 0});
            case CHARTS -> List.of(doubles(0.5, 0.25, 0.125), doubles(0.5, 1e20, -3), doubles(Double.NaN, 1));
        };
    }

    /** An image of soft stripes. */
    static Image image(int width, int height) {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 7 % 251);
        }
        return new Image(width, height, 3, pixels);
    }

    static byte[] png() {
        return encoded(rgb(), "png");
    }

    private static BufferedImage rgb() {
        return image(24, 17).toBufferedImage();
    }

    private static BufferedImage alpha() {
        var image = new BufferedImage(9, 7, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 9 * 7; i++) {
            image.setRGB(i % 9, i / 9, 0x11_33_77 * i | i << 26);
        }
        return image;
    }

    private static byte[] encoded(BufferedImage image, String format) {
        return written(out -> {
            if (!ImageIO.write(image, format, out)) {
                var flat = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
                flat.createGraphics().drawImage(image, 0, 0, null);
                ImageIO.write(flat, format, out);
            }
        });
    }

    private static byte[] opencv(String ending, int type) {
        try (var mat = new Mat(7, 9, type);
                var out = new BytePointer()) {
            double scale = mat.depth() == opencv_core.CV_32F ? 1 / 255.0 : 1;
            mat.put(new org.bytedeco.opencv.opencv_core.Scalar(20 * scale, 200 * scale, 90 * scale, 128 * scale));
            opencv_imgcodecs.imencode(ending, mat, out);
            byte[] bytes = new byte[Math.toIntExact(out.limit())];
            out.get(bytes);
            return bytes;
        }
    }

    private static byte[] animation() {
        return written(out -> {
            var writer = ImageIO.getImageWritersByFormatName("gif").next();
            try (var stream = ImageIO.createImageOutputStream(out)) {
                writer.setOutput(stream);
                writer.prepareWriteSequence(null);
                for (int i = 0; i < 3; i++) {
                    var frame = new BufferedImage(8, 6, BufferedImage.TYPE_BYTE_INDEXED);
                    frame.setRGB(i, i, 0xFF8800);
                    var metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(frame), null);
                    var root = (IIOMetadataNode) metadata.getAsTree(metadata.getNativeMetadataFormatName());
                    metadata.setFromTree(metadata.getNativeMetadataFormatName(), root);
                    writer.writeToSequence(new javax.imageio.IIOImage(frame, null, metadata), null);
                }
                writer.endWriteSequence();
            }
        });
    }

    private static byte[] video() {
        return inTemporaryFolder(folder -> {
            Path file = folder.resolve("clip.avi");
            try (var size = new Size(32, 24);
                    var writer = new VideoWriter(
                            file.toString(),
                            VideoWriter.fourcc((byte) 'M', (byte) 'J', (byte) 'P', (byte) 'G'),
                            10,
                            size,
                            true);
                    var data = new BytePointer(image(32, 24).pixels());
                    var frame = new Mat(24, 32, opencv_core.CV_8UC3, data)) {
                for (int i = 0; i < 4; i++) {
                    writer.write(frame);
                }
                writer.release();
            }
            return Files.readAllBytes(file);
        });
    }

    static byte[] idxImages() {
        ByteBuffer out = ByteBuffer.allocate(16 + 4 * 25);
        return out.putInt(0x803).putInt(4).putInt(5).putInt(5).array();
    }

    static byte[] idxLabels() {
        ByteBuffer out = ByteBuffer.allocate(8 + 4);
        return out.putInt(0x801).putInt(4).put(new byte[] {0, 1, 0, 1}).array();
    }

    private static byte[] cifar() {
        byte[] rows = new byte[3 * 3073];
        rows[3073] = 4;
        return rows;
    }

    private static byte[] gzip(byte[] bytes) {
        return written(out -> {
            try (var zipped = new GZIPOutputStream(out)) {
                zipped.write(bytes);
            }
        });
    }

    private static byte[] tar() {
        return written(out -> {
            try (var archive = new TarArchiveOutputStream(out, "UTF-8")) {
                for (String name : List.of("train/left/a.png", "train/right/b.png", "test/left/c.png")) {
                    var entry = new TarArchiveEntry(name);
                    entry.setSize(png().length);
                    archive.putArchiveEntry(entry);
                    archive.write(png());
                    archive.closeArchiveEntry();
                }
            }
        });
    }

    private static byte[] zip(int method) {
        return inTemporaryFolder(folder -> {
            Path file = folder.resolve("a.zip");
            try (var archive = new ZipArchiveOutputStream(file)) {
                archive.setMethod(method);
                for (String name : List.of("left/a.png", "right/b.png", "right/\u732b.png")) {
                    archive.putArchiveEntry(new ZipArchiveEntry(name));
                    archive.write(png());
                    archive.closeArchiveEntry();
                }
            }
            return Files.readAllBytes(file);
        });
    }

    private static byte[] safetensors() {
        return inTemporaryFolder(folder -> {
            Path file = folder.resolve("a.safetensors");
            Safetensors.write(
                    file,
                    Map.of(
                            "weight", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
                            "count", Tensor.of(new float[] {1}, 1).to(DType.INT64)),
                    Map.of("format", "pt"));
            return Files.readAllBytes(file);
        });
    }

    /** A file of a small classifier. */
    static byte[] model(String name) {
        return folder(
                        "model",
                        folder -> write(
                                folder,
                                "classification",
                                "conv 4 3, batchnorm, relu, maxpool 2, flatten, dense classes",
                                CLASSES))
                .get(name);
    }

    /** A file of a small codec. */
    static byte[] codec(String name) {
        return folder("codec", folder -> {
                    Recipe recipe = Tasks.ALL
                            .recipes()
                            .with(
                                    Tasks.ALL.recipe("transform-codec width=4 latents=3"),
                                    List.of("input.size=16", "epochs=1", "batch=4", "precision=fp32"));
                    Path run = Tasks.ALL
                            .train(recipe, data(), RunSettings.in(folder, "run").withDevice("cpu"))
                            .folder();
                    for (String file : List.of("config.json", "model.safetensors")) {
                        Files.copy(run.resolve("model").resolve(file), folder.resolve(file));
                    }
                })
                .get(name);
    }

    static synchronized Codec codec() {
        if (codec == null) {
            codec = inTemporaryFolder(folder -> {
                for (String name : List.of("config.json", "model.safetensors")) {
                    Files.write(folder.resolve(name), codec(name));
                }
                return Codec.load(folder, "cpu");
            });
        }
        return codec;
    }

    private static void write(Path folder, String task, String architecture, List<String> classes) {
        Preprocess preprocess = Preprocess.of(8, 8, 3);
        new ModelPackage(
                        new ModelPackage.Config(
                                new TaskConfig(task, Map.of()),
                                Architecture.of(architecture),
                                classes,
                                preprocess,
                                Loss.crossEntropy(),
                                Provenance.ofWeights("")),
                        Models.create(architecture, preprocess, classes.size()))
                .write(folder);
    }

    static Splits data() {
        return new Splits(
                new Shapes(1, 8, 16), new Shapes(2, 4, 16), Dataset.empty(new Shapes(1, 1, 16).classes()), List.of());
    }

    /** A run that has its first epoch behind it, in {@code folder}. */
    static Path run(Path folder) {
        Path run = folder.resolve("run-1");
        runFiles().forEach((name, bytes) -> {
            try {
                Path file = run.resolve(name);
                Files.createDirectories(file.getParent());
                Files.write(file, bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return run;
    }

    private static Map<String, byte[]> runFiles() {
        return folder("run", folder -> {
            Recipe recipe = Tasks.ALL
                    .recipes()
                    .with(
                            Tasks.ALL.recipe("conv 4 3, relu, flatten, dense classes"),
                            List.of("input.size=8", "epochs=1", "batch=4", "precision=fp32"));
            Path run = Tasks.ALL
                    .train(recipe, data(), RunSettings.in(folder, "run").withDevice("cpu"))
                    .folder();
            try (Stream<Path> files = Files.walk(run)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    String name = run.relativize(file).toString();
                    if (!name.matches(".*(html|png|tfevents.*)")) {
                        Path copy = folder.resolve(name);
                        Files.createDirectories(copy.getParent());
                        Files.copy(file, copy);
                    }
                }
            }
            delete(run);
        });
    }

    private static byte[] recipe(String model) {
        return bytes(RecipeFile.print(Tasks.ALL.recipe(model)));
    }

    private static List<byte[]> texts(String... texts) {
        return Stream.of(texts).map(Seeds::bytes).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Of a network in the registry. */
    private static byte place(String model) {
        return (byte) Models.all().stream().map(ModelEntry::name).toList().indexOf(model);
    }

    private static byte[] doubles(double... values) {
        ByteBuffer out = ByteBuffer.allocate(8 * values.length);
        for (double value : values) {
            out.putDouble(value);
        }
        return out.array();
    }

    /** What {@code action} left in an empty folder, made once. */
    private static synchronized Map<String, byte[]> folder(String name, Filling action) {
        return FOLDERS.computeIfAbsent(
                name,
                made -> inTemporaryFolder(folder -> {
                    action.fill(folder);
                    var files = new LinkedHashMap<String, byte[]>();
                    try (Stream<Path> all = Files.walk(folder)) {
                        for (Path file : all.filter(Files::isRegularFile).toList()) {
                            files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
                        }
                    }
                    return files;
                }));
    }

    private static <T> T inTemporaryFolder(Making<T> action) {
        try {
            Path folder = Files.createTempDirectory("seeds");
            try {
                return action.make(folder);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : new ArrayList<>(
                        files.sorted(java.util.Comparator.reverseOrder()).toList())) {
                    Files.delete(file);
                }
            }
        }
    }

    private static byte[] written(Writing action) {
        var out = new ByteArrayOutputStream();
        try {
            action.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private interface Writing {
        void write(ByteArrayOutputStream out) throws IOException;
    }

    private interface Filling {
        void fill(Path folder) throws IOException;
    }

    private interface Making<T> {
        T make(Path folder) throws IOException;
    }

    private static byte[] resource(String name) {
        try (var in = Seeds.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
