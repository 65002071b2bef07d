package dev.fovea.fuzz;

import dev.fovea.models.ModelEntry;
import dev.fovea.models.Models;
import dev.fovea.task.Tasks;
import dev.fovea.train.RecipeFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts with the right words in the wrong places: each byte chooses a word, so that a fuzzer gets past the names, which
 * it would hardly guess letter by letter.
 */
final class Phrases {

    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "2",
            "3",
            "4",
            "5",
            "7",
            "8",
            "16",
            "17",
            "64",
            "256",
            "1000",
            "9999",
            "65536",
            "1048576",
            "2147483647",
            "2147483648",
            "9223372036854775808",
            "-1",
            "-2",
            "0.5",
            "1e9",
            "1e999",
            "nan",
            "same",
            "classes");
    private static final List<String> LAYERS = List.of(
            "conv",
            "conv",
            "conv",
            "deconv",
            "maxpool",
            "minpool",
            "avgpool",
            "adaptiveavgpool",
            "adaptivemaxpool",
            "globalavgpool",
            "globalmaxpool",
            "dense",
            "dense",
            "batchnorm",
            "groupnorm",
            "layernorm",
            "relu",
            "gelu",
            "leakyrelu",
            "sigmoid",
            "softmax",
            "tanh",
            "flatten",
            "reshape",
            "dropout",
            "upsample",
            "bilinear",
            "residual");
    private static final List<String> LAYER_OPTIONS = List.of("stride", "pad", "dilation", "groups", "bias", "outpad");
    private static final List<String> MODELS =
            Models.all().stream().map(ModelEntry::name).toList();
    private static final List<String> WORDS = List.of(
            "relu",
            "linear",
            "batch",
            "layer",
            "none",
            "gru",
            "lstm",
            "rows",
            "columns",
            "cifar-cnn",
            "resnet18",
            "r3d18",
            "vae",
            "patchcore",
            "true",
            "false",
            "null",
            "auto",
            "adam",
            "sgd",
            "cosine",
            "crop",
            "patch",
            "whiten",
            "unit",
            "[]",
            "{}",
            "''");
    private static final List<String> KEYS =
            List.of("cifar-cnn", "dcgan", "diffusion-unet", "vae", "patchcore").stream()
                    .flatMap(model -> RecipeFile.values(Tasks.ALL.recipes().of(model, List.of())).keySet().stream())
                    .distinct()
                    .toList();

    private final byte[] bytes;
    private int at;

    private Phrases(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Layers with numbers and options, such as {@code conv 8 3 stride=2, flatten, dense classes}. */
    static String layers(byte[] bytes) {
        var phrases = new Phrases(bytes);
        var layers = new ArrayList<String>();
        while (phrases.at < bytes.length && layers.size() < 12) {
            var layer = new StringBuilder(phrases.one(LAYERS));
            int shape = phrases.next();
            for (int i = 0; i < (shape & 3); i++) {
                layer.append(' ').append(phrases.one(NUMBERS));
            }
            if ((shape & 12) == 12) {
                layer.append(' ').append(phrases.one(LAYER_OPTIONS)).append('=').append(phrases.one(NUMBERS));
            }
            layers.add(layer.toString());
        }
        return String.join(", ", layers);
    }

    /** A registered network with options, mostly its own. */
    static String model(byte[] bytes) {
        var phrases = new Phrases(bytes);
        var model = new StringBuilder(phrases.one(MODELS));
        List<String> options = new ArrayList<>(options(model.toString()));
        options.add("code");
        for (int i = phrases.next() & 3; i > 0; i--) {
            model.append(' ').append(phrases.one(options)).append('=').append(phrases.value());
        }
        return model.toString();
    }

    /** A key of recipes with a value. */
    static String setting(byte[] bytes) {
        var phrases = new Phrases(bytes);
        return phrases.one(KEYS) + "=" + phrases.value();
    }

    /** The bytes that {@link #setting} makes {@code key=3} of. */
    static byte[] bytes(String key) {
        return new byte[] {(byte) KEYS.indexOf(key), 1, (byte) NUMBERS.indexOf("3")};
    }

    private static List<String> options(String model) {
        return List.copyOf(Models.get(model).options().keySet());
    }

    private String value() {
        return one((next() & 3) == 0 ? WORDS : NUMBERS);
    }

    private String one(List<String> words) {
        return words.get(next() % words.size());
    }

    private int next() {
        return at < bytes.length ? bytes[at++] & 0xFF : 0;
    }
}
