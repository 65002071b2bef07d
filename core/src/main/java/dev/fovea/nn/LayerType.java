package dev.fovea.nn;

import static dev.fovea.nn.Conv2d.Window;

import dev.fovea.engine.Tensor;
import dev.fovea.io.Escaped;
import dev.fovea.io.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The table of layers a network's text may name: how many numbers each takes, which options, and how it is built
 * for the shape before it.
 */
enum LayerType {
    CONV(
            "conv",
            2,
            2,
            List.of("stride", "pad", "dilation", "groups", "bias"),
            (spec, in, classes) -> new Conv2d(
                    in.channels(),
                    spec.whole(0),
                    window(spec, 1, 1),
                    spec.whole("groups", 1),
                    spec.whole("bias", 1) != 0)),
    DECONV(
            "deconv",
            2,
            2,
            List.of("stride", "pad", "dilation", "outpad"),
            (spec, in, classes) ->
                    new ConvTranspose2d(in.channels(), spec.whole(0), window(spec, 1, 1), spec.whole("outpad", 0))),
    MAXPOOL("maxpool", 1, 1, List.of("stride", "pad"), (spec, in, classes) -> {
        Window w = window(spec, 0, spec.whole(0));
        return Leaf.of("maxpool", x -> x.maxPool2d(w.kernel(), w.stride(), w.padding(), false));
    }),
    MINPOOL("minpool", 1, 1, List.of("stride", "pad"), (spec, in, classes) -> {
        Window w = window(spec, 0, spec.whole(0));
        return Leaf.of(
                "minpool",
                x -> x.neg()
                        .maxPool2d(w.kernel(), w.stride(), w.padding(), false)
                        .neg());
    }),
    AVGPOOL("avgpool", 1, 1, List.of("stride", "pad"), (spec, in, classes) -> {
        Window w = window(spec, 0, spec.whole(0));
        return Leaf.of("avgpool", x -> x.avgPool2d(w.kernel(), w.stride(), w.padding()));
    }),
    ADAPTIVEAVGPOOL("adaptiveavgpool", 1, 1, List.of(), (spec, in, classes) -> {
        int side = spec.whole(0);
        return Leaf.of("adaptiveavgpool", x -> x.adaptiveAvgPool2d(side, side));
    }),
    ADAPTIVEMAXPOOL("adaptivemaxpool", 1, 1, List.of(), (spec, in, classes) -> {
        int side = spec.whole(0);
        return Leaf.of("adaptivemaxpool", x -> x.adaptiveMaxPool2d(side, side));
    }),
    GLOBALAVGPOOL("globalavgpool", 0, 0, List.of(), (spec, in, classes) -> Leaf.of("globalavgpool", x -> x.mean(2, 3))),
    GLOBALMAXPOOL(
            "globalmaxpool",
            0,
            0,
            List.of(),
            (spec, in, classes) ->
                    Leaf.of("globalmaxpool", x -> x.adaptiveMaxPool2d(1, 1).flatten(1, -1))),
    DENSE("dense", 1, 1, List.of("bias"), (spec, in, classes) -> {
        int out = spec.values().get(0) == Spec.CLASSES ? classes : spec.whole(0);
        if (out < 1) {
            throw new IllegalArgumentException("dense classes: the class count is not known here, give a number");
        }
        return new Dense(Math.toIntExact(in.sizes().get(in.sizes().size() - 1)), out, spec.whole("bias", 1) != 0);
    }),
    BATCHNORM("batchnorm", 0, 0, List.of(), (spec, in, classes) -> new BatchNorm(in.channels())),
    LAYERNORM(
            "layernorm",
            0,
            0,
            List.of(),
            (spec, in, classes) -> new LayerNorm(
                    1e-5, in.sizes().stream().mapToLong(Long::longValue).toArray())),
    GROUPNORM("groupnorm", 1, 1, List.of(), (spec, in, classes) -> new GroupNorm(spec.whole(0), in.channels())),
    DROPOUT(
            "dropout",
            1,
            1,
            List.of(),
            (spec, in, classes) ->
                    new Dropout(Dropout.Unit.ELEMENT, spec.values().get(0))),
    DROPOUT2D(
            "dropout2d",
            1,
            1,
            List.of(),
            (spec, in, classes) ->
                    new Dropout(Dropout.Unit.CHANNEL, spec.values().get(0))),
    DROPPATH(
            "droppath",
            1,
            1,
            List.of(),
            (spec, in, classes) ->
                    new Dropout(Dropout.Unit.SAMPLE, spec.values().get(0))),
    RELU("relu", Tensor::relu),
    SIGMOID("sigmoid", Tensor::sigmoid),
    TANH("tanh", Tensor::tanh),
    GELU("gelu", Tensor::gelu),
    SILU("silu", Tensor::silu),
    SOFTMAX("softmax", x -> x.softmax(1)),
    LEAKYRELU("leakyrelu", 0, 1, List.of(), (spec, in, classes) -> {
        double slope = spec.values().isEmpty() ? 0.01 : spec.values().get(0);
        return Leaf.of("leakyrelu", x -> x.leakyRelu(slope));
    }),
    FLATTEN("flatten", x -> x.flatten(1, -1)),
    RESHAPE("reshape", 1, 3, List.of(), (spec, in, classes) -> {
        long[] sizes = reshaped(spec, in);
        return Leaf.of("reshape", x -> x.reshape(sizes));
    }),
    UPSAMPLE("upsample", 1, 1, List.of("bilinear"), (spec, in, classes) -> {
        int factor = spec.whole(0);
        boolean bilinear = spec.whole("bilinear", 0) != 0;
        return Leaf.of(
                "upsample",
                x -> bilinear
                        ? x.upsampleBilinear(x.size(2) * factor, x.size(3) * factor)
                        : x.upsampleNearest(x.size(2) * factor, x.size(3) * factor));
    }),
    RESIDUAL(
            "residual",
            0,
            0,
            List.of(),
            (spec, in, classes) -> new Residual(new Sequential(
                    Spec.chain(in, spec.branches().get(0), classes).layers()))),
    CONCAT("concat", 0, 0, List.of(), (spec, in, classes) -> {
        var branches = new ArrayList<Layer>();
        long values = 0;
        for (List<Spec> branch : spec.branches()) {
            Spec.Chain chain = Spec.chain(in, branch, classes);
            values = Sizes.product(values + chain.made().elements()); // what all make lies in memory together
            branches.add(new Sequential(chain.layers()));
        }
        return new Concat(branches);
    });

    /** Makes the layer for the shape before it. */
    @FunctionalInterface
    interface Builder {
        Layer build(Spec spec, Shape in, int classes);
    }

    final String word;
    final int fewest;
    final int most;
    final List<String> options;
    private final Builder builder;

    LayerType(String word, int fewest, int most, List<String> options, Builder builder) {
        this.word = word;
        this.fewest = fewest;
        this.most = most;
        this.options = options;
        this.builder = builder;
    }

    LayerType(String word, UnaryOperator<Tensor> function) {
        this(word, 0, 0, List.of(), (spec, in, classes) -> Leaf.of(word, function));
    }

    boolean branches() {
        return this == RESIDUAL || this == CONCAT;
    }

    Layer build(Spec spec, Shape in, int classes) {
        boolean wantsImage = List.of(
                        CONV,
                        DECONV,
                        MAXPOOL,
                        MINPOOL,
                        AVGPOOL,
                        ADAPTIVEAVGPOOL,
                        ADAPTIVEMAXPOOL,
                        GLOBALAVGPOOL,
                        GLOBALMAXPOOL,
                        UPSAMPLE,
                        DROPOUT2D)
                .contains(this);
        if (wantsImage && !in.image()) {
            throw new IllegalArgumentException("%s: needs feature maps CxHxW, its input is %s".formatted(spec, in));
        }
        try {
            checkGrowth(spec, in);
            return builder.build(spec, in, classes);
        } catch (Sizes.TooLarge e) {
            throw new IllegalArgumentException("%s: %s".formatted(Escaped.of(spec), e.getMessage()), e);
        }
    }

    static LayerType of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown layer '%s', there are %s"
                        .formatted(
                                Escaped.of(word),
                                String.join(
                                        ", ",
                                        Arrays.stream(values()).map(k -> k.word).toList()))));
    }

    private static Window window(Spec spec, int kernelAt, int stride) {
        int kernel = spec.whole(kernelAt);
        int dilation = spec.whole("dilation", 1);
        int step = spec.whole("stride", stride);
        if (spec.options().getOrDefault("pad", 0.0) != Spec.SAME) {
            return new Window(kernel, step, spec.whole("pad", 0), dilation);
        }
        Window same = Window.same(kernel, step, dilation);
        if (same.end() > 0 && !spec.kind().equals(CONV.word)) {
            throw new IllegalArgumentException(
                    "%s: pad=same keeps the size with an odd kernel only, got kernel=%s. Give the number of zeros"
                            .formatted(spec, kernel));
        }
        return same;
    }

    /** The sizes of the outputs of a batch, -1 for the batch; another -1 stands for what is left over. */
    private static long[] reshaped(Spec spec, Shape in) {
        long[] sizes = new long[spec.values().size() + 1];
        sizes[0] = -1;
        int open = 0;
        long known = 1;
        for (int i = 1; i < sizes.length; i++) {
            double value = spec.values().get(i - 1);
            if (value == Spec.REST) {
                open = i;
            } else {
                sizes[i] = spec.whole(i - 1);
                known = Sizes.product(known, sizes[i]);
            }
        }
        if (open > 0 && known > 0) {
            sizes[open] = in.elements() / known;
            known = Sizes.product(known, sizes[open]);
        }
        if (known != in.elements()) {
            throw new IllegalArgumentException(
                    "%s: does not hold the %s values of its input %s".formatted(spec, in.elements(), in));
        }
        return sizes;
    }

    /**
     * Refuses a layer that makes very much of little, before it does.
     *
     * @throws IllegalArgumentException if it makes too many values of one image
     */
    private void checkGrowth(Spec spec, Shape in) {
        long height = in.image() ? in.sizes().get(1) : 1;
        long width = in.image() ? in.sizes().get(2) : 1;
        switch (this) {
            case CONV -> {
                Window w = window(spec, 1, 1);
                Sizes.product(spec.whole(0), Math.max(0, w.after(height)), Math.max(0, w.after(width)));
                Sizes.product(height + 2L * w.padding() + w.end(), width + 2L * w.padding() + w.end());
            }
            case DECONV -> {
                Window w = window(spec, 1, 1);
                long reach = (long) w.dilation() * (w.kernel() - 1) + 1 + spec.whole("outpad", 0) - 2L * w.padding();
                Sizes.product(
                        spec.whole(0),
                        Math.max(0, (height - 1) * w.stride() + reach),
                        Math.max(0, (width - 1) * w.stride() + reach));
            }
            case MAXPOOL, MINPOOL, AVGPOOL -> {
                Window w = window(spec, 0, spec.whole(0));
                Sizes.product(height + 2L * w.padding(), width + 2L * w.padding());
            }
            case ADAPTIVEAVGPOOL, ADAPTIVEMAXPOOL -> Sizes.product(in.channels(), spec.whole(0), spec.whole(0));
            case UPSAMPLE -> Sizes.product(in.channels(), height * spec.whole(0), width * spec.whole(0));
            default -> {
                // no more values than the input has, or than there are weights
            }
        }
    }

    /** What is wrong with such a layer, empty if nothing is. */
    String fault(List<Double> values, Map<String, Double> given, int branches) {
        if (values.size() < fewest || values.size() > most) {
            String count = fewest == most
                    ? fewest + (fewest == 1 ? " number" : " numbers")
                    : fewest + " to " + most + " numbers";
            return "%s takes %s, got %s".formatted(word, count, values.size());
        }
        for (String name : given.keySet()) {
            if (!options.contains(name)) {
                return optionFault(name);
            }
        }
        for (double value : values) {
            boolean stands = this == DENSE && value == Spec.CLASSES || this == RESHAPE && value == Spec.REST;
            if (!stands && !isNumber(value)) {
                return "%s takes numbers from 0 to below 1,000,000,000, got %s".formatted(word, value);
            }
            if (!stands && value < 1 && !takesFractions()) {
                return "%s takes whole numbers from 1, got %s".formatted(word, Spec.number(value));
            }
        }
        if (this == RESHAPE
                && values.stream().filter(value -> value == Spec.REST).count() > 1) {
            return "reshape takes -1 once";
        }
        for (var option : given.entrySet()) {
            boolean stands = option.getKey().equals("pad") && option.getValue() == Spec.SAME;
            if (!stands && !isNumber(option.getValue())) {
                return "%s takes numbers from 0 to below 1,000,000,000, got %s=%s"
                        .formatted(word, option.getKey(), option.getValue());
            }
        }
        if (branches() ? branches == 0 || this == RESIDUAL && branches != 1 : branches > 0) {
            return word + (branches() ? " needs its layers in parentheses" : " takes no parentheses");
        }
        return "";
    }

    /** Others count channels, values, groups or pixels, of which there is at least one. */
    private boolean takesFractions() {
        return List.of(DROPOUT, DROPOUT2D, DROPPATH, LEAKYRELU).contains(this);
    }

    String optionFault(String name) {
        return "%s has no option '%s'%s"
                .formatted(
                        word,
                        Escaped.of(name),
                        options.isEmpty()
                                ? ""
                                : Nearest.hint(name, options, ",") + " it takes " + String.join(", ", options));
    }

    static boolean isNumber(double value) {
        return value >= 0 && value < 1e9;
    }
}
