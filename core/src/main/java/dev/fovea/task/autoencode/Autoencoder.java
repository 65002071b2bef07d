package dev.fovea.task.autoencode;

import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.AutoencoderNet;
import dev.fovea.models.EncoderNet;
import dev.fovea.models.MaskedAutoencoder;
import dev.fovea.models.ModelPackage;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.ImageTensors;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An autoencoder: encodes images as short codes and decodes them.
 *
 * <pre>{@code
 * var coder = Autoencoder.load(Path.of("runs/mnist-1"));
 * float[] code = coder.encode(Image.read(Path.of("seven.png")));
 * Image again = coder.decode(List.of(code)).get(0);
 * }</pre>
 */
public final class Autoencoder {

    private final SavedNet network;
    private final AutoencoderType<?> type;

    /** @throws IllegalArgumentException if it is no autoencoder */
    public Autoencoder(SavedNet network) {
        this.network = network;
        String word = network.config().task().type();
        type = AutoencoderType.of(word)
                .orElseThrow(
                        () -> new IllegalArgumentException("a model for %s, expected an autoencoder".formatted(word)));
    }

    /**
     * Trains a registered autoencoder, or layers given as text, on the training part of {@code data}; labels are not
     * used.
     *
     * @param recipe everything that decides the result; its model is replaced by {@code model}
     * @throws IllegalArgumentException if the model is unknown or of another task
     * @throws dev.fovea.train.DivergedException if the loss is no longer finite
     */
    public static Autoencoder train(String model, Splits data, Recipe recipe) {
        Recipe asked = recipe.withModel(model);
        AutoencoderType<?> type = AutoencoderType.ALL.stream()
                .filter(one -> one.settings().isInstance(recipe.task()))
                .findFirst()
                .orElseGet(() -> AutoencoderType.ofModel(model));
        return new Autoencoder(TrainingRun.inTemporaryFolder(type, asked, data).net());
    }

    /** Loads a model package, or the model of a run folder, onto the best device there is. */
    public static Autoencoder load(Path path) {
        return load(path, "auto");
    }

    /**
     * Loads a model package, or the model of a run folder.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    public static Autoencoder load(Path path, String device) {
        return new Autoencoder(SavedNet.load(path, device, AutoencoderType.ALL));
    }

    /** Writes the model package: {@code config.json} and {@code model.safetensors}. */
    public void save(Path folder) {
        network.model().write(folder);
    }

    /** The architecture, the preprocessing and the provenance. */
    public ModelPackage.Config config() {
        return network.model().config();
    }

    /** The number of trained weights. */
    public long parameters() {
        return network.net().state().parameterCount();
    }

    /** An image in the network's size and channels. */
    public Image seen(Image image) {
        return config().preprocess().apply(image);
    }

    /**
     * The reconstruction of an image, in the network's size; of a masked autoencoder, with the same share of masked
     * patches as in training.
     */
    public synchronized Image reconstruct(Image image) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor input = network.input(List.of(image));
            Tensor made = network.net() instanceof MaskedAutoencoder net
                    ? net.reconstructed(
                            input, network.settings(AutoencoderType.MASKING).maskRatio())
                    : network.layer().forward(input);
            return ImageTensors.of(made).get(0);
        }
    }

    /** The code of an image. */
    public synchronized float[] encode(Image image) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            return encoding().encode(network.input(List.of(image))).toFloats();
        }
    }

    /** The codes of images, in their order. */
    public synchronized List<float[]> encode(Dataset data) {
        return network.rows(data, encoding()::encode);
    }

    /**
     * Decodes codes to images.
     *
     * @throws IllegalArgumentException if there is none, or one of another length, or the network has no decoder of
     * codes
     */
    public synchronized List<Image> decode(List<float[]> codes) {
        AutoencoderNet coding = coding();
        int length = codeLength();
        check(codes, length);
        float[] all = new float[length * codes.size()];
        for (int i = 0; i < codes.size(); i++) {
            System.arraycopy(codes.get(i), 0, all, i * length, length);
        }
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor input = Tensor.of(all, codes.size(), length).to(network.device());
            return ImageTensors.of(coding.decode(input));
        }
    }

    private void check(List<float[]> codes, int length) {
        if (codes.isEmpty()) {
            throw new IllegalArgumentException("decode: expected at least one code, got none");
        }
        for (float[] code : codes) {
            if (code.length != length) {
                throw new IllegalArgumentException("decode: a code of '%s' has %s numbers, got one with %s"
                        .formatted(config().architecture(), length, code.length));
            }
        }
    }

    /** The length of a code, found by encoding an image. */
    private int codeLength() {
        var preprocess = config().preprocess();
        var black = new Image(
                preprocess.width(),
                preprocess.height(),
                preprocess.channels(),
                new byte[preprocess.width() * preprocess.height() * preprocess.channels()]);
        return encode(black).length;
    }

    /** Images decoded on the straight line between the codes of two, both ends included. */
    public List<Image> interpolate(Image from, Image to, int count) {
        float[] a = encode(from);
        float[] b = encode(to);
        var codes = new ArrayList<float[]>();
        for (int i = 0; i < count; i++) {
            float share = i / (float) Math.max(1, count - 1);
            float[] code = new float[a.length];
            for (int d = 0; d < code.length; d++) {
                code[d] = a[d] + share * (b[d] - a[d]);
            }
            codes.add(code);
        }
        return decode(codes);
    }

    /**
     * Images decoded from the code of one with a single dimension changed in equal steps, both ends included.
     *
     * @param dimension of the code, from 0
     * @throws IllegalArgumentException if the code has no such dimension, or the network has no decoder of codes
     */
    public List<Image> sweep(Image image, int dimension, double from, double to, int count) {
        float[] code = encode(image);
        if (dimension < 0 || dimension >= code.length) {
            throw new IllegalArgumentException("sweep: the code has the dimensions 0 to %s, got dimension=%s"
                    .formatted(code.length - 1, dimension));
        }
        var codes = new ArrayList<float[]>();
        for (int i = 0; i < count; i++) {
            float[] changed = code.clone();
            changed[dimension] = (float) (from + (to - from) * i / Math.max(1, count - 1));
            codes.add(changed);
        }
        return decode(codes);
    }

    /**
     * The validation metrics of its training run, with the settings of its recipe: errors and similarity of the
     * reconstruction,
     * {@code mse}, {@code mae}, {@code psnr} in dB, {@code ssim}, and those of its task.
     */
    public synchronized Map<String, Double> evaluate(Dataset data) {
        return type.evaluate(network, data).metrics();
    }

    /** The network with its package. */
    public SavedNet network() {
        return network;
    }

    private EncoderNet encoding() {
        return (EncoderNet) network.net();
    }

    private AutoencoderNet coding() {
        if (network.net() instanceof AutoencoderNet coding) {
            return coding;
        }
        throw new IllegalArgumentException(
                "'%s' encodes images, but has no decoder".formatted(config().architecture()));
    }
}
