package dev.fovea.task.compress;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.engine.Scope;
import dev.fovea.image.Image;
import dev.fovea.io.CodedImage;
import dev.fovea.io.FormatException;
import dev.fovea.io.FrequencyTable;
import dev.fovea.metrics.ImageMetrics;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.TransformCodec;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.ImageTensors;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * A learned image codec: compresses images of any size to {@code .fvc} files, and decompresses them.
 *
 * <pre>{@code
 * var codec = Codec.load(Path.of("runs/codec-1"));
 * codec.compress(Image.read(Path.of("sea.png"))).write(Path.of("sea.fvc"));
 * Image sea = codec.decompress(CodedImage.read(Path.of("sea.fvc")));
 * }</pre>
 */
public final class Codec {

    private static final int LOWEST_QUALITY = 1;
    private static final int HIGHEST_QUALITY = 100;

    private final SavedNet network;
    private final List<FrequencyTable> tables;
    private final long fingerprint;

    Codec(SavedNet network) {
        this.network = network;
        tables = net().prior().tables();
        fingerprint = fingerprint(network);
    }

    /**
     * Trains a registered codec on the training part of {@code data}; labels are not used.
     *
     * @param recipe everything that decides the result; its model is replaced by {@code model}
     */
    public static Codec train(String model, Splits data, Recipe recipe) {
        return new Codec(TrainingRun.inTemporaryFolder(CompressionType.TYPE, recipe.withModel(model), data)
                .net());
    }

    /** Loads a model package, or the model of a run folder, onto the best device there is. */
    public static Codec load(Path path) {
        return load(path, "auto");
    }

    /**
     * Loads a model package, or the model of a run folder.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    public static Codec load(Path path, String device) {
        SavedNet network = SavedNet.load(path, device, List.of(CompressionType.TYPE));
        try {
            return new Codec(network);
        } catch (FormatException | IllegalStateException e) {
            throw new FormatException(
                    "%s: %s".formatted(SavedNet.folder(path).resolve(ModelPackage.WEIGHTS), e.getMessage()));
        }
    }

    /**
     * The codec that compressed a file, by its fingerprint.
     *
     * @param path that codec, or a folder of runs or model packages; those in it that are damaged or no codecs do not
     * matter
     * @param device auto, cpu or cuda
     * @throws FormatException if it is not there
     */
    public static Codec find(CodedImage coded, Path path, String device) {
        if (ModelPackage.isAt(SavedNet.folder(path))) {
            return load(path, device);
        }
        try (Stream<Path> inside = Files.list(path)) {
            return inside.sorted()
                    .flatMap(run -> loaded(run, device).stream())
                    .filter(codec -> codec.fingerprint == coded.model())
                    .findFirst()
                    .orElseThrow(() -> new FormatException(
                            "none of the models in %s compressed this file (%016x). Name the one that did"
                                    .formatted(path, coded.model())));
        } catch (IOException e) {
            throw new FormatException(
                    "%s: no model and no folder of runs. Name the model that compressed this file (%016x)"
                            .formatted(path, coded.model()));
        }
    }

    private static Optional<Codec> loaded(Path path, String device) {
        try {
            return SavedNet.config(path).task().type().equals(Compression.WORD)
                    ? Optional.of(load(path, device))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Writes the model package: {@code config.json} and {@code model.safetensors}. */
    public void save(Path folder) {
        network.model().write(folder);
    }

    /** The architecture and the provenance. */
    public ModelPackage.Config config() {
        return network.model().config();
    }

    /**
     * Compresses an image; in grey if the codec is for grey images. A large one is coded in blocks that overlap by the
     * receptive field: there are no seams, and memory is that of one block beside the image.
     */
    public synchronized CodedImage compress(Image image) {
        return blocks().encode(image, fingerprint);
    }

    /**
     * The image of a file that this codec compressed.
     *
     * @throws FormatException if another model made it, or it is damaged
     */
    public synchronized Image decompress(CodedImage coded) {
        if (coded.model() != fingerprint) {
            throw new FormatException("this file was compressed by another model (%016x, this one is %016x)"
                    .formatted(coded.model(), fingerprint));
        }
        return blocks().decode(coded);
    }

    private CodecBlocks blocks() {
        return new CodecBlocks(net(), tables, config().preprocess().channels(), network.device());
    }

    /**
     * Rate and distortion on whole images, beside JPEG of about as many bits: {@code bitsPerPixel}, {@code
     * psnr} in dB, {@code ssim}, {@code msSsim} where images are large enough, and the same as {@code
     * jpegBitsPerPixel} and so on.
     */
    public Map<String, Double> evaluate(Dataset data) {
        var own = new Rates();
        var jpeg = new Rates();
        for (int i = 0; i < data.size(); i++) {
            Image image = shown(data.image(i));
            CodedImage coded = compress(image);
            int bytes = coded.toBytes().length;
            own.add(image, decompress(coded), bytes);
            byte[] beside = jpegOf(image, bytes);
            jpeg.add(image, decoded(image, beside), beside.length);
        }
        var values = new LinkedHashMap<>(own.values());
        jpeg.values()
                .forEach((name, value) ->
                        values.put("jpeg" + Character.toUpperCase(name.charAt(0)) + name.substring(1), value));
        return values;
    }

    /** The metrics of {@link #evaluate} for JPEG of a quality. */
    Map<String, Double> jpeg(Dataset data, int quality) {
        var rates = new Rates();
        for (int i = 0; i < data.size(); i++) {
            Image image = shown(data.image(i));
            byte[] bytes = image.jpegBytes(quality);
            rates.add(image, decoded(image, bytes), bytes.length);
        }
        return rates.values();
    }

    /** The image in the codec's channels. */
    Image shown(Image image) {
        return config().preprocess().channels() == 1 ? image.toGray() : image.toRgb();
    }

    SavedNet network() {
        return network;
    }

    static Image decoded(Image like, byte[] jpeg) {
        Image image = Image.decode(jpeg, "jpeg");
        return like.channels() == 1 ? image.toGray() : image;
    }

    /** The best JPEG that is no larger, or the smallest there is. */
    static byte[] jpegOf(Image image, int most) {
        int low = LOWEST_QUALITY;
        int high = HIGHEST_QUALITY;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (image.jpegBytes(middle).length <= most) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return image.jpegBytes(low);
    }

    /** Means over images. */
    private static final class Rates {
        private final ImageMetrics metrics = new ImageMetrics();
        private double bits;
        private int count;

        void add(Image clean, Image made, int bytes) {
            bits += 8.0 * bytes / (clean.width() * (double) clean.height());
            count++;
            try (var scope = new Scope()) {
                metrics.add(ImageTensors.bytes(List.of(made)), ImageTensors.bytes(List.of(clean)));
            }
        }

        Map<String, Double> values() {
            var values = new LinkedHashMap<String, Double>();
            values.put("bitsPerPixel", bits / count);
            values.putAll(metrics.values());
            return values;
        }
    }

    private TransformCodec net() {
        return (TransformCodec) network.net();
    }

    /** Of all weights and frequencies: only the model that coded an image can decode it. */
    private static long fingerprint(SavedNet network) {
        var low = new CRC32C();
        var high = new CRC32();
        network.net().state().tensors().values().forEach(tensor -> {
            byte[] bytes = tensor.toBytes().array();
            low.update(bytes);
            high.update(bytes);
        });
        return high.getValue() << 32 | low.getValue();
    }
}
