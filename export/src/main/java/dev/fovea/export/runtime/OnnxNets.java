package dev.fovea.export.runtime;

import dev.fovea.engine.NoValues;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxValue;
import dev.fovea.io.FormatException;
import dev.fovea.models.AutoencoderNet;
import dev.fovea.models.DetectionNet;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.RestorationNet;
import dev.fovea.models.SegmentationNet;
import dev.fovea.models.SingleStageNet;
import dev.fovea.models.UnitEmbedding;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The networks of ONNX files, by what tasks ask of theirs. */
final class OnnxNets {

    static final String TEMPERATURE = "temperature";

    static final Set<Class<?>> USED = Set.of(
            Layer.class,
            UnitEmbedding.class,
            SegmentationNet.class,
            AutoencoderNet.class,
            DetectionNet.class,
            RestorationNet.class);

    private static final double LEAST_PROBABILITY = 1e-12;

    private static final DetectionNet.Limits USUAL = new DetectionNet.Limits(0.01, 1, 300);

    private OnnxNets() {}

    /** @throws FormatException if ONNX Runtime refuses the file, or its outputs are not those of its task */
    static Module of(Path file, OnnxHeader header, Described described) {
        Class<?> network = described.type().network();
        checkOutputs(file, header, described);
        var function = new OnnxFunction(file, described.input(), described.layout());
        String output = described.output().name();
        if (network == Layer.class) {
            return new OnnxLayer(function, output, logits(header, described));
        }
        if (network == UnitEmbedding.class) {
            return new OnnxEmbedding(function, output);
        }
        if (network == SegmentationNet.class) {
            return new OnnxSegmenter(
                    function,
                    output,
                    described.layout().channelsLast(),
                    described.config().classes().size());
        }
        if (network == AutoencoderNet.class) {
            return new OnnxAutoencoder(
                    function, output, function.wantsBytes() ? x -> x.mul(255) : UnaryOperator.identity());
        }
        if (network == DetectionNet.class) {
            return detector(function, described);
        }
        if (network == RestorationNet.class && described.own()) {
            return new OnnxRestorer(function, output, (RestorationNet) original(described.original()));
        }
        throw new FormatException(
                "%s: ONNX files are not used as models for %s. Use the run or package that it was exported from"
                        .formatted(file, described.type().word()));
    }

    private static Module detector(OnnxFunction function, Described described) {
        int classes = described.config().classes().size();
        if (!described.own()) {
            return new OnnxDetector(
                    function, USUAL, 1, new OnnxDetector.Answers(classes, described.firstLabel(), false));
        }
        var original = (DetectionNet) original(described.original());
        boolean fixed = described.input().dims().get(2).fixed();
        boolean cutFirst = original instanceof SingleStageNet net && net.cutsFirst();
        return new OnnxDetector(
                function,
                original.limits(),
                fixed ? 1 : original.multiple(),
                new OnnxDetector.Answers(classes, 0, cutFirst));
    }

    /** The network that was exported, for what it says of sizes; its weights are never drawn. */
    private static Module original(ModelPackage.Config config) {
        try (var shapes = new NoValues()) {
            return Models.create(
                    config.architecture().text(),
                    config.preprocess(),
                    config.classes().size());
        }
    }

    private static void checkOutputs(Path file, OnnxHeader header, Described described) {
        Class<?> network = described.type().network();
        if (network == DetectionNet.class) {
            checkObjects(file, header);
        }
        int classes = described.config().classes().size();
        List<OnnxValue.Dim> dims = described.output().dims();
        if (network == SegmentationNet.class && !dims.isEmpty() && dims.size() != 3 && dims.size() != 4) {
            throw new FormatException(
                    "%s: its output '%s' is %s. Expected of segmentation logits [N, K, h, w], [N, h, w, K] or classes [N, h, w]"
                            .formatted(file, described.output().name(), dims));
        }
        if (network == Layer.class && classes > 0 && !dims.isEmpty()) {
            OnnxValue.Dim last = dims.get(dims.size() - 1);
            if (last.fixed() && last.size() != classes) {
                throw new FormatException("%s: its output '%s' has %s values, there are %s classes"
                        .formatted(file, described.output().name(), last.size(), classes));
            }
        }
    }

    private static void checkObjects(Path file, OnnxHeader header) {
        for (String name : List.of(OnnxDetector.BOXES, OnnxDetector.SCORES)) {
            if (header.output(name).isEmpty()) {
                throw new FormatException(
                        "%s: has no output '%s', so its objects cannot be told. Expected boxes, scores and labels"
                                .formatted(file, name));
            }
        }
    }

    /** From what the file gives to what facades take: logits, which probabilities are brought back to. */
    private static UnaryOperator<Tensor> logits(OnnxHeader header, Described described) {
        double temperature = described.config().calibration().getOrDefault(TEMPERATURE, 1.0);
        String activation = header.activations().getOrDefault(described.output().name(), "");
        UnaryOperator<Tensor> flat = x -> x.dims() > 2 ? x.flatten(1, -1) : x;
        return switch (activation) {
            case "Softmax" ->
                x -> flat.apply(x).clamp(LEAST_PROBABILITY, 1).log().mul(temperature);
            case "Sigmoid" ->
                x -> {
                    Tensor p = flat.apply(x).clamp(LEAST_PROBABILITY, 1 - 1e-7);
                    return p.log().sub(p.neg().add(1).log());
                };
            default -> flat;
        };
    }
}
