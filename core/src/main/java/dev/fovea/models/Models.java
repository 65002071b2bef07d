package dev.fovea.models;

import dev.fovea.data.Preprocess;
import dev.fovea.data.PublicDataset;
import dev.fovea.engine.Allowance;
import dev.fovea.engine.EngineException;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Module;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Sizes;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The registry of networks, each family with its rows: it drives the command line, recipes and tests alike. */
public final class Models {

    private static final List<ModelEntry> ENTRIES = Stream.of(
                    TextbookCnn.MODELS,
                    ResNet9.MODELS,
                    Airbench.MODELS,
                    AlexNet.MODELS,
                    Vgg.MODELS,
                    GoogLeNet.MODELS,
                    ResNet.MODELS,
                    DenseNet.MODELS,
                    SqueezeNet.MODELS,
                    CifarResNet.MODELS,
                    PreActResNet.MODELS,
                    InceptionV3.MODELS,
                    MobileNetV2.MODELS,
                    MobileNetV3.MODELS,
                    MobileNetV4.MODELS,
                    ShuffleNetV2.MODELS,
                    MnasNet.MODELS,
                    EfficientNet.MODELS,
                    RegNet.MODELS,
                    ConvNeXt.MODELS,
                    VisionTransformer.MODELS,
                    Swin.MODELS,
                    MixTransformer.MODELS,
                    MaxVit.MODELS,
                    CompactTransformer.MODELS,
                    RowSequence.MODELS,
                    FrameSequence.MODELS,
                    VideoResNet.MODELS,
                    EncoderDecoder.MODELS,
                    MaskedAutoencoder.MODELS,
                    Vae.MODELS,
                    Dcgan.MODELS,
                    TutorialGan.MODELS,
                    DiffusionUNet.MODELS,
                    DiffusionTransformer.MODELS,
                    VqVae.MODELS,
                    TokenTransformer.MODELS,
                    PatchCore.MODELS,
                    Padim.MODELS,
                    PrototypeNet.MODELS,
                    EmbeddingNet.MODELS,
                    TransformCodec.MODELS,
                    DnCnn.MODELS,
                    RestorationUNet.MODELS,
                    SubPixelNet.MODELS,
                    FoveaDet.MODELS,
                    Ssd.MODELS,
                    SsdLite.MODELS,
                    RetinaNet.MODELS,
                    Fcos.MODELS,
                    FasterRcnn.MODELS,
                    Detr.MODELS,
                    FoveaSeg.MODELS,
                    UNet.MODELS,
                    DilatedSegmenter.MODELS,
                    Lraspp.MODELS,
                    DeepLabV3Plus.MODELS,
                    SemanticFpn.MODELS,
                    SegFormer.MODELS)
            .flatMap(List::stream)
            .toList();

    private Models() {}

    /** All rows. */
    public static List<ModelEntry> all() {
        return ENTRIES;
    }

    /** The row of that name, options behind it passed over, if there is one. */
    public static Optional<ModelEntry> find(String model) {
        String name = Options.nameOf(model);
        return ENTRIES.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /**
     * The images that a network was published for, of {@code encoder(NAME), ...} and {@code embedding(NAME)} those of NAME; none for
     * layers as text.
     *
     * @throws IllegalArgumentException that names the nearest, if there is no such row
     */
    public static Optional<ModelEntry.Input> input(String model) {
        String named = EncoderClassifier.isText(model) ? EncoderClassifier.inner(model) : model;
        if (isText(named)) {
            return Optional.empty();
        }
        ModelEntry entry = get(named);
        Optional<String> inner = entry.config().inputOf().isEmpty()
                ? Optional.empty()
                : Options.parse(named, entry.config()).inputOf();
        return inner.isEmpty() ? Optional.of(entry.input()) : input(inner.get());
    }

    /** Whether a network takes values from 0 to 1, because it contains an autoencoder. */
    public static boolean wantsUnit(String model) {
        return EncoderClassifier.isText(model);
    }

    /**
     * What a network, named or as text, has in common with all that are trained like it: {@link Layer} of classifiers,
     * from
     * images to a value for each class, unless its row or text says otherwise.
     */
    public static Class<?> network(String model) {
        boolean coder = EncoderDecoder.isText(model) && !EncoderClassifier.isText(model);
        return find(model)
                .<Class<?>>map(entry -> entry.config().network())
                .orElse(coder ? AutoencoderNet.class : Layer.class);
    }

    /**
     * The row of that name, options behind it passed over.
     *
     * @throws IllegalArgumentException that names the nearest, if there is none
     */
    public static ModelEntry get(String model) {
        return find(model).orElseThrow(() -> {
            if (ModelFormat.named(model)) {
                return new IllegalArgumentException(
                        "'%s': the network of an ONNX file answers and cannot be built upon or trained. Name the run or package that it was exported from"
                                .formatted(Escaped.line(model)));
            }
            String name = Options.nameOf(model);
            List<String> names = ENTRIES.stream().map(ModelEntry::name).toList();
            return new IllegalArgumentException("unknown model '%s'%s `models` lists all %s"
                    .formatted(Escaped.line(name), Nearest.hint(name, names, "."), ENTRIES.size()));
        });
    }

    /**
     * A network by name, or by its layers as text, for images of this shape.
     *
     * @throws IllegalArgumentException if the name is unknown, or the layers are not understood or do not fit
     */
    public static Module create(String model, int channels, int height, int width, int classes) {
        LayerText.checkNesting(model);
        Sizes.product(channels, height, width);
        try (var allowance =
                find(model).filter(entry -> entry.name().equals(model)).isPresent()
                        ? Allowance.ofPublished()
                        : Allowance.ofText()) {
            return built(model, channels, height, width, classes);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'%s': its sizes are too large".formatted(Escaped.of(model)), e);
        } catch (EngineException e) {
            throw new IllegalArgumentException(
                    "'%s': cannot be built for images of %sx%sx%s (%s)"
                            .formatted(Escaped.of(model), channels, height, width, e.getMessage()),
                    e);
        }
    }

    /**
     * A network of the registry, ready for use, for square images: {@code (N, channels, imageSize, imageSize)} to {@code
     * (N, classes)}. All its weights are drawn, always the same, and those that {@code weights} has take their place: the
     * head stays as drawn where its class count is another, the first convolution is adapted to other channels, and
     * positions to other sizes, as timm does it.
     *
     * @param name of the registry, options behind it where wanted: {@code "vit_tiny_patch16_224 depth=6"}
     * @param classes values it gives for each image, at least 1
     * @param channels of the images, such as 1, 3 or 4
     * @param imageSize height and width in pixels
     * @param dropPath probability, from 0 to below 1, that the last residual branch is skipped while training, falling to
     *     0 at the first (Huang et al. 2016, <a href="https://arxiv.org/abs/1603.09382">1603.09382</a>); 0 for networks
     *     that have no such option
     * @param weights {@code imagenet} for the best that are published, a tag such as {@code imagenet1k_v1}, a file of
     *     weights or a model package; empty for none
     * @throws IllegalArgumentException if there is no such network or option, it does not take such images, or there are no
     *     such weights
     * @throws dev.fovea.nn.WeightsMismatchException if the weights are another network's
     */
    public static Module create(
            String name, int classes, int channels, int imageSize, double dropPath, String weights) {
        ModelEntry entry = get(name);
        boolean skips = entry.options().containsKey("dropPath");
        if (!skips && dropPath != 0) {
            throw new IllegalArgumentException("%s: has no residual branches to skip, so dropPath must be 0, got %s"
                    .formatted(entry.name(), dropPath));
        }
        String model = skips ? withOption(name, "dropPath", String.valueOf(dropPath)) : name;
        Module net = create(model, channels, imageSize, imageSize, classes);
        net.state().initialize(Random.of(new Seed(0)));
        if (!weights.isEmpty()) {
            Path file = WeightsEntry.file(model, weights, PublicDataset.cache(), (what, done, total) -> {});
            Pretrained.load(file, net);
        }
        return net;
    }

    private static Module built(String model, int channels, int height, int width, int classes) {
        if (EncoderClassifier.isText(model)) {
            return EncoderClassifier.ofText(model, channels, height, width, classes);
        }
        if (isText(model)) {
            return EncoderDecoder.isText(model)
                    ? EncoderDecoder.ofText(model, channels, height, width)
                    : LayerText.build(model, channels, height, width, classes);
        }
        ModelEntry entry = get(model);
        NetConfig config = Options.parse(model, entry.config());
        return config.create(Shape.of(channels, height, width), classes);
    }

    /** The same for images [C, H, W]. */
    static Module create(String model, Shape images, int classes) {
        return create(model, images.channels(), images.height(), images.width(), classes);
    }

    /**
     * The same for the output of {@code preprocess}, behind a whitening layer where it says so.
     */
    public static Module create(String model, Preprocess preprocess, int classes) {
        Module net = create(model, preprocess.channels(), preprocess.height(), preprocess.width(), classes);
        if (preprocess.scaling() == Preprocess.Scaling.WHITEN
                && preprocess.frames().length() > 1) {
            throw new IllegalArgumentException(
                    "input.normalize=whiten is for images, not for clips. Use normalize=data");
        }
        return preprocess.scaling() == Preprocess.Scaling.WHITEN
                ? ZcaWhitening.over(
                        Layer.of(net), Sizes.product(preprocess.channels(), preprocess.height(), preprocess.width()))
                : net;
    }

    /**
     * Refuses layers as text that do not end with one value for each class; registered networks do by themselves.
     *
     * @throws IllegalArgumentException if they do not
     */
    public static void checkOutputs(String model, Module net, Preprocess preprocess, int classes) {
        if (!isText(model) || preprocess.frames().length() > 1) {
            return;
        }
        Shape shown = Shape.of(preprocess.channels(), preprocess.height(), preprocess.width());
        Shape made = shown.after(Layer.of(net));
        if (!made.equals(Shape.of(classes))) {
            throw new IllegalArgumentException(
                    "'%s': gives %s values, there are %s classes. End it with 'dense classes'"
                            .formatted(Escaped.of(model), made, classes));
        }
    }

    /**
     * A registered model with an option, in the place of one of the same name; its value may be a network of its own.
     */
    public static String withOption(String model, String name, String value) {
        return Options.with(model, name, value);
    }

    /** Whether {@code model} is layers as text and not a name. */
    public static boolean isText(String model) {
        return find(model).isEmpty()
                && !ModelFormat.named(model)
                && (model.indexOf(',') >= 0 || model.indexOf(' ') >= 0);
    }
}
