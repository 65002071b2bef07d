package dev.fovea.models;

import dev.fovea.data.Preprocess;
import dev.fovea.engine.Allowance;
import dev.fovea.engine.EngineException;
import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import dev.fovea.nn.Layer;
import dev.fovea.nn.LayerText;
import dev.fovea.nn.Module;
import dev.fovea.nn.Recurrent;
import dev.fovea.nn.Recurrent.Cell;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Sizes;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The table of networks: it drives the command line, recipes and tests alike. */
public final class Models {

    /** Builds a network for images of a shape. */
    @FunctionalInterface
    interface Constructor {
        Module create(int channels, int height, int width, int classes, Options options);
    }

    /**
     * A row of the table.
     *
     * @param network what all networks that are trained like it have in common, {@link Layer} for classifiers
     * @param parameters the published count at {@code classes}; where none is published, the count of this
     *     implementation
     * @param channels of the images it was published for
     * @param height of the images, in pixels
     * @param width of the images, in pixels
     * @param frames of a clip, or 1 for image networks
     * @param gmacs billions of multiply-adds for one image, published for resnet18, 34 and 50, else counted here
     * @param paper where it is described
     * @param options what may follow the name, with the values it has where it does not: {@code bottleneck=512}
     */
    public record Entry(
            String name,
            Class<?> network,
            long parameters,
            int classes,
            int channels,
            int height,
            int width,
            int frames,
            double gmacs,
            String paper,
            String options,
            Constructor constructor) {

        /** For images. */
        Entry(
                String name,
                Class<?> network,
                long parameters,
                int classes,
                int channels,
                int height,
                int width,
                double gmacs,
                String paper,
                String options,
                Constructor constructor) {
            this(name, network, parameters, classes, channels, height, width, 1, gmacs, paper, options, constructor);
        }

        /** The network for images of another shape or number of classes. */
        public Module create(int channels, int height, int width, int classes) {
            return Models.create(name, channels, height, width, classes);
        }
    }

    private static final String KERAS = "https://www.tensorflow.org/tutorials/images/cnn";
    private static final String LENET = "http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf";
    private static final String RESNET = "https://arxiv.org/abs/1512.03385";
    private static final String PAGE = "https://myrtle.ai/learn/how-to-train-your-resnet/";

    /** Of a sequence, or patches in a memory bank; 1,048,576. */
    private static final int MOST_STEPS = 1 << 20;

    private static final String VQ = "base=32 codes=128 code=32";

    private static final List<Entry> ENTRIES = List.of(
            text(
                    "cifar-cnn",
                    122_570,
                    3,
                    32,
                    0.004_549,
                    KERAS,
                    "conv 32 3, relu, maxpool 2, conv 64 3, relu, maxpool 2, conv 64 3, relu, flatten, dense 64, relu, "
                            + "dense classes"),
            text(
                    "mnist-cnn",
                    93_322,
                    1,
                    28,
                    0.002_794,
                    KERAS,
                    "conv 32 3, relu, maxpool 2, conv 64 3, relu, maxpool 2, conv 64 3, relu, flatten, dense 64, relu, "
                            + "dense classes"),
            text(
                    "folder-cnn",
                    2_458_186,
                    3,
                    64,
                    0.031_804,
                    KERAS,
                    "conv 32 3, relu, maxpool 2, conv 64 3, relu, maxpool 2, conv 128 3, relu, maxpool 2, flatten, "
                            + "dense 512, relu, dropout 0.5, dense classes"),
            text(
                    "lenet5",
                    61_706,
                    1,
                    28,
                    0.000_417,
                    LENET,
                    "conv 6 5 pad=2, tanh, avgpool 2, conv 16 5, tanh, avgpool 2, flatten, dense 120, tanh, dense 84, "
                            + "tanh, dense classes"),
            new Entry(
                    "resnet9",
                    Layer.class,
                    6_573_120,
                    10,
                    3,
                    32,
                    32,
                    0.379,
                    PAGE,
                    "",
                    (c, h, w, k, o) -> new ResNet9(c, 64, k)),
            new Entry(
                    "resnet9-small",
                    Layer.class,
                    1_646_112,
                    10,
                    3,
                    32,
                    32,
                    0.095,
                    PAGE,
                    "",
                    (c, h, w, k, o) -> new ResNet9(c, 32, k)),
            resNet("resnet18", 11_689_512, 1.814, ResNet.Unit.BASIC, 2, 2, 2, 2),
            resNet("resnet34", 21_797_672, 3.664, ResNet.Unit.BASIC, 3, 4, 6, 3),
            resNet("resnet50", 25_557_032, 4.089, ResNet.Unit.BOTTLENECK, 3, 4, 6, 3),
            new Entry(
                    "inception-v3",
                    Layer.class,
                    23_834_568,
                    1000,
                    3,
                    299,
                    299,
                    5.713,
                    "https://arxiv.org/abs/1512.00567",
                    "",
                    (c, h, w, k, o) -> new InceptionV3(c, h, w, k)),
            rows("row-rnn", 21_514, 0.000_563, Cell.RNN, "https://doi.org/10.1207/s15516709cog1402_1"),
            rows("row-lstm", 82_186, 0.002_238, Cell.LSTM, "https://doi.org/10.1162/neco.1997.9.8.1735"),
            rows("row-gru", 61_962, 0.001_679, Cell.GRU, "https://arxiv.org/abs/1406.1078"),
            rows(
                    "row-tcn",
                    51_914,
                    0.000_383,
                    "https://arxiv.org/abs/1803.01271",
                    "width=64 depth=4 read=rows",
                    Models::temporalConvReader),
            rows(
                    "row-transformer",
                    102_602,
                    0.003_491,
                    "https://arxiv.org/abs/1706.03762",
                    "width=64 depth=2 heads=4 positions=0 read=rows",
                    Models::transformerReader),
            clips(
                    "cnn-rnn",
                    501_610,
                    0.091_240,
                    "https://arxiv.org/abs/1411.4389",
                    "backbone=cifar-cnn motion=1 pool=4 cell=gru hidden=128 layers=1 bidirectional=0 dropout=0",
                    o -> numbers -> new SequenceReader.RnnReader(
                            new Recurrent(
                                    o.one("cell", Cell.class),
                                    numbers,
                                    o.whole("hidden"),
                                    o.whole("layers"),
                                    o.on("bidirectional"),
                                    o.number("dropout")),
                            o.on("bidirectional"),
                            0)),
            clips(
                    "cnn-transformer",
                    586_474,
                    0.092_550,
                    "https://arxiv.org/abs/1706.03762",
                    "backbone=cifar-cnn motion=1 pool=4 width=128 depth=2 heads=4 positions=0",
                    Models::transformerReader),
            clips(
                    "cnn-tcn",
                    337_514,
                    0.086_947,
                    "https://arxiv.org/abs/1803.01271",
                    "backbone=cifar-cnn motion=1 pool=4 width=128 depth=3",
                    Models::temporalConvReader),
            video("r3d18", 33_371_472, 40.697, VideoResNet.Unit.CUBE),
            video("r2plus1d18", 31_505_325, 40.519, VideoResNet.Unit.SPLIT),
            digits(
                    "dense-autoencoder",
                    AutoencoderNet.class,
                    1_066_768,
                    0.001_066,
                    "https://blog.keras.io/building-autoencoders-in-keras.html",
                    "bottleneck=512 hidden=512 activation=relu tied=0 batchnorm=0",
                    (c, h, w, k, o) -> dense(DenseSizes.of(c, h, w, o), o.on("tied"))),
            digits(
                    "conv-autoencoder",
                    AutoencoderNet.class,
                    456_993,
                    0.003_067,
                    "https://blog.keras.io/building-autoencoders-in-keras.html",
                    "code=64 width=32 activation=linear batchnorm=1",
                    (c, h, w, k, o) -> EncoderDecoder.convolutional(c, h, w, o)),
            digits(
                    "masked-autoencoder",
                    MaskedAutoencoder.class,
                    914_384,
                    0.014_503,
                    "https://arxiv.org/abs/2111.06377",
                    "patch=4 width=128 depth=4 heads=4",
                    (c, h, w, k, o) -> new MaskedAutoencoder(
                            c, h, w, o.whole("patch"), o.whole("width"), o.whole("depth"), o.whole("heads"))),
            digits(
                    "vae",
                    Vae.class,
                    1_688_289,
                    0.005_030,
                    "https://arxiv.org/abs/1312.6114",
                    "code=16 width=32",
                    (c, h, w, k, o) -> new Vae(c, h, w, o.whole("width"), o.whole("code"))),
            digits(
                    "dcgan",
                    GeneratorAndDiscriminator.class,
                    1_275_190,
                    0.006_630,
                    "https://arxiv.org/abs/1511.06434",
                    "width=64 norm=batch",
                    (c, h, w, k, o) -> new Dcgan(c, h, w, o.whole("width"), k, o.one("norm", Dcgan.Norm.class))),
            new Entry(
                    "tutorial-gan",
                    GeneratorAndDiscriminator.class,
                    6_453_316,
                    1,
                    3,
                    32,
                    32,
                    0.003_842,
                    "https://arxiv.org/abs/1406.2661",
                    "",
                    (c, h, w, k, o) -> new TutorialGan(c, h, w)),
            digits(
                    "diffusion-unet",
                    DiffusionNet.class,
                    1_841_857,
                    0.150_287,
                    "https://arxiv.org/abs/2006.11239",
                    "width=32",
                    (c, h, w, k, o) -> new DiffusionUNet(c, h, w, o.whole("width"), k)),
            digits(
                    "dit",
                    DiffusionNet.class,
                    1_874_692,
                    0.232_067,
                    "https://arxiv.org/abs/2212.09748",
                    "patch=2 width=128 depth=6 heads=4",
                    (c, h, w, k, o) -> new DiffusionTransformer(
                            c, h, w, o.whole("patch"), o.whole("width"), o.whole("depth"), o.whole("heads"), k)),
            digits(
                    "vq-vae",
                    VqVae.class,
                    170_337,
                    0.008_430,
                    "https://arxiv.org/abs/1711.00937",
                    VQ,
                    (c, h, w, k, o) -> vqVae(c, h, w, o)),
            digits(
                    "token-transformer",
                    TokenTransformer.class,
                    2_900_513,
                    0.135_074,
                    "https://arxiv.org/abs/2012.09841",
                    "base=32 codes=128 code=32 width=192 depth=6 heads=6",
                    (c, h, w, k, o) -> new TokenTransformer(
                            vqVae(c, h, w, o), o.whole("width"), o.whole("depth"), o.whole("heads"), k)),
            digits(
                    "pixel-transformer",
                    TokenTransformer.class,
                    897_032,
                    0.617_366,
                    "https://proceedings.mlr.press/v119/chen20s.html",
                    "levels=8 width=128 depth=4 heads=4",
                    (c, h, w, k, o) -> new TokenTransformer(
                            new PixelLevels(c, h, w, o.whole("levels")),
                            o.whole("width"),
                            o.whole("depth"),
                            o.whole("heads"),
                            k)),
            new Entry(
                    "patchcore",
                    AnomalyNet.class,
                    11_689_512,
                    1000,
                    3,
                    224,
                    224,
                    1.814,
                    "https://arxiv.org/abs/2106.08265",
                    "backbone=resnet18 memory=1000",
                    (c, h, w, k, o) -> new PatchCore(
                            create(o.word("backbone"), c, h, w, k), c, h, w, o.whole("memory", 1, MOST_STEPS))),
            new Entry(
                    "padim",
                    AnomalyNet.class,
                    11_689_512,
                    1000,
                    3,
                    224,
                    224,
                    1.814,
                    "https://arxiv.org/abs/2011.08785",
                    "backbone=resnet18",
                    (c, h, w, k, o) -> new Padim(create(o.word("backbone"), c, h, w, k), c, h, w)),
            new Entry(
                    "transform-codec",
                    TransformCodec.class,
                    1_612_483,
                    1,
                    3,
                    128,
                    128,
                    0.787_218,
                    "https://arxiv.org/abs/1611.01704",
                    "width=96 latents=128",
                    (c, h, w, k, o) -> new TransformCodec(c, o.whole("width"), o.whole("latents"))),
            restoration(
                    "dncnn",
                    1,
                    556_097,
                    2.269_643,
                    "https://arxiv.org/abs/1608.03981",
                    "depth=17 width=64 shuffle=1 guide=0",
                    (c, h, w, k, o) ->
                            new DnCnn(c, o.whole("depth"), o.whole("width"), o.whole("shuffle"), o.on("guide"))),
            restoration(
                    "ffdnet",
                    1,
                    486_148,
                    0.496_042,
                    "https://arxiv.org/abs/1710.04026",
                    "depth=15 width=64 shuffle=2 guide=1",
                    (c, h, w, k, o) ->
                            new DnCnn(c, o.whole("depth"), o.whole("width"), o.whole("shuffle"), o.on("guide"))),
            restoration(
                    "unet-restorer",
                    3,
                    2_012_675,
                    0.592_183,
                    "https://arxiv.org/abs/1505.04597",
                    "width=32 guide=0",
                    (c, h, w, k, o) -> new RestorationUNet(c, o.whole("width"), o.on("guide"))),
            restoration(
                    "subpixel",
                    3,
                    599_564,
                    2.451_309,
                    "https://arxiv.org/abs/1609.05158",
                    "width=64 blocks=8 scale=2",
                    (c, h, w, k, o) -> new SubPixelNet(c, o.whole("width"), o.whole("blocks"), o.whole("scale"))));

    private Models() {}

    /** All rows. */
    public static List<Entry> all() {
        return ENTRIES;
    }

    /** The row of that name, options behind it passed over, if there is one. */
    public static Optional<Entry> find(String model) {
        String name = Options.nameOf(model);
        return ENTRIES.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /**
     * The row that says the input of a network: its own, of {@code encoder(NAME), ...} that of NAME; none for layers as
     * text.
     *
     * @throws IllegalArgumentException that names the nearest, if there is no such row
     */
    public static Optional<Entry> shown(String model) {
        String named = EncoderClassifier.isText(model) ? EncoderClassifier.inner(model) : model;
        return isText(named) ? Optional.empty() : Optional.of(get(named));
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
        return find(model).<Class<?>>map(Entry::network).orElse(coder ? AutoencoderNet.class : Layer.class);
    }

    /**
     * The row of that name, options behind it passed over.
     *
     * @throws IllegalArgumentException that names the nearest, if there is none
     */
    public static Entry get(String model) {
        return find(model).orElseThrow(() -> {
            String name = Options.nameOf(model);
            List<String> names = ENTRIES.stream().map(Entry::name).toList();
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
        try (var allowance = Allowance.ofText()) {
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

    private static Module built(String model, int channels, int height, int width, int classes) {
        if (EncoderClassifier.isText(model)) {
            return EncoderClassifier.ofText(model, channels, height, width, classes);
        }
        if (isText(model)) {
            return EncoderDecoder.isText(model)
                    ? EncoderDecoder.ofText(model, channels, height, width)
                    : LayerText.build(model, channels, height, width, classes);
        }
        Entry entry = get(model);
        return entry.constructor().create(channels, height, width, classes, Options.parse(model, entry.options()));
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
        return find(model).isEmpty() && (model.indexOf(',') >= 0 || model.indexOf(' ') >= 0);
    }

    private static Entry text(
            String name, long parameters, int channels, int size, double gmacs, String paper, String layers) {
        return new Entry(
                name,
                Layer.class,
                parameters,
                10,
                channels,
                size,
                size,
                gmacs,
                paper,
                "",
                (c, h, w, k, o) -> LayerText.build(layers, c, h, w, k));
    }

    private static Entry rows(String name, long parameters, double gmacs, Cell cell, String paper) {
        return rows(
                name,
                parameters,
                gmacs,
                paper,
                "hidden=128 layers=1 read=rows truncate=0",
                o -> numbers -> new SequenceReader.RnnReader(
                        new Recurrent(cell, numbers, o.whole("hidden"), o.whole("layers"), false, 0),
                        false,
                        o.whole("truncate", 0, MOST_STEPS)));
    }

    private static Entry rows(
            String name,
            long parameters,
            double gmacs,
            String paper,
            String options,
            Function<Options, SequenceReader.Of> reader) {
        return digits(name, Layer.class, parameters, gmacs, paper, options, (c, h, w, k, o) -> {
            RowSequence.Read read = o.one("read", RowSequence.Read.class);
            return new RowSequence(read, reader.apply(o).numbers(read.values(c, h, w)), k);
        });
    }

    private static SequenceReader.Of temporalConvReader(Options o) {
        return numbers -> new SequenceReader.TemporalConvReader(numbers, o.whole("width"), o.whole("depth"));
    }

    private static SequenceReader.Of transformerReader(Options o) {
        return numbers -> new SequenceReader.TransformerReader(
                numbers, o.whole("width"), o.whole("depth"), o.whole("heads"), o.whole("positions", 0, MOST_STEPS));
    }

    private static AutoencoderNet dense(DenseSizes sizes, boolean tied) {
        return tied ? new TiedAutoencoder(sizes) : EncoderDecoder.dense(sizes);
    }

    private static VqVae vqVae(int channels, int height, int width, Options o) {
        return new VqVae(channels, height, width, o.whole("base"), o.whole("codes"), o.whole("code"));
    }

    private static Entry digits(
            String name,
            Class<?> network,
            long parameters,
            double gmacs,
            String paper,
            String options,
            Constructor constructor) {
        return new Entry(name, network, parameters, 10, 1, 28, 28, gmacs, paper, options, constructor);
    }

    private static Entry clips(
            String name,
            long parameters,
            double gmacs,
            String paper,
            String options,
            Function<Options, SequenceReader.Of> reader) {
        return new Entry(
                name,
                Layer.class,
                parameters,
                10,
                3,
                32,
                32,
                16,
                gmacs,
                paper,
                options,
                (c, h, w, k, o) -> new FrameSequence(
                        channels -> create(o.word("backbone"), channels, h, w, k),
                        new FrameSequence.View(o.on("motion"), o.whole("pool")),
                        c,
                        h,
                        w,
                        reader.apply(o),
                        k));
    }

    private static Entry video(String name, long parameters, double gmacs, VideoResNet.Unit unit) {
        return new Entry(
                name,
                Layer.class,
                parameters,
                400,
                3,
                112,
                112,
                16,
                gmacs,
                "https://arxiv.org/abs/1711.11248",
                "",
                (c, h, w, k, o) -> new VideoResNet(unit, c, k));
    }

    private static Entry restoration(
            String name,
            int channels,
            long parameters,
            double gmacs,
            String paper,
            String options,
            Constructor constructor) {
        return new Entry(
                name, RestorationNet.class, parameters, 1, channels, 64, 64, gmacs, paper, options, constructor);
    }

    private static Entry resNet(String name, long parameters, double gmacs, ResNet.Unit unit, Integer... depths) {
        return new Entry(
                name,
                Layer.class,
                parameters,
                1000,
                3,
                224,
                224,
                gmacs,
                RESNET,
                "",
                (c, h, w, k, o) -> new ResNet(new ResNet.Config(unit, List.of(depths), 64, c, k)));
    }
}
