package dev.fovea.run;

import dev.fovea.data.Preprocess;
import dev.fovea.data.PublicDataset;
import dev.fovea.engine.Device;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Download;
import dev.fovea.io.Escaped;
import dev.fovea.io.WeightFile;
import dev.fovea.models.Architecture;
import dev.fovea.models.BackboneWeights;
import dev.fovea.models.DetectionNet;
import dev.fovea.models.ModelEntry;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.Pretrained;
import dev.fovea.models.Provenance;
import dev.fovea.models.PublishedNames;
import dev.fovea.models.SegmentationNet;
import dev.fovea.models.TaskConfig;
import dev.fovea.models.WeightsEntry;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A classifier or a detector of the registry with published weights, used as it is: nothing is trained. */
public final class PublishedModel {

    /** Of a file whose network has no published weights that say how images are prepared for it. */
    private static final List<Double> MEAN = List.of(0.485, 0.456, 0.406);

    private static final List<Double> DEVIATION = List.of(0.229, 0.224, 0.225);

    private PublishedModel() {}

    /**
     * The network {@code model} with the weights that {@code weights} says. Preprocessing and class names are those of the
     * published weights; of a file those of the network's best published weights, where the class count is the same.
     *
     * @param type of the network
     * @param weights {@code imagenet} for the network's best, {@code coco} for one that says what is where, a tag or name of {@code weights list}, or
     *     a file
     * @param device auto, cpu or cuda
     * @param progress of a download
     * @throws IllegalArgumentException if the network is unknown or neither classifies images nor says what is where in them, or the weights
     *     are not for it
     */
    public static SavedNet load(
            TaskType<?> type, String model, String weights, String device, Download.Progress progress) {
        ModelEntry entry = Models.get(model);
        boolean places = ofPlaces(model);
        if (!type.trains(Models.network(model))
                || Models.network(model) != Layer.class && !places
                || entry.input().frames() > 1) {
            throw new IllegalArgumentException(
                    "'%s' is neither a classifier of images nor a detector nor a segmentation network, so published weights make no model of it. Train it, and name its run"
                            .formatted(Escaped.of(model)));
        }
        var found = WeightsEntry.find(model, weights);
        checkOwn(model, weights, found);
        Path file = WeightsEntry.file(model, weights, PublicDataset.cache(), progress);
        WeightsEntry known = found.orElseGet(
                () -> WeightsEntry.of(model).stream().findFirst().orElse(null));
        boolean run = Files.isDirectory(file);
        if (places && known == null && !run) {
            throw new IllegalArgumentException(
                    "%s: a file of weights does not say which classes '%s' finds. Name the run or the package it comes from"
                            .formatted(file, Escaped.of(model)));
        }
        Preprocess preprocess = found.isPresent()
                ? known.preprocess()
                : preprocess(model, known).orElseGet(() -> usual(entry.input()));
        int classes = places && !run ? known.classes().size() : classes(file, model, entry.input());
        Module net = Models.create(model, preprocess, classes);
        Pretrained.Loaded loaded = Pretrained.load(file, net);
        if (!loaded.kept().isEmpty()) {
            throw new IllegalArgumentException("%s: has no values that fit %s, so it is no model without training"
                    .formatted(file, Pretrained.listed(loaded.kept())));
        }
        var config = new ModelPackage.Config(
                TaskConfig.of(RecipeFile.values(type.start(Recipe.base(model)).task())),
                Architecture.of(model),
                names(classes, known),
                preprocess,
                Loss.crossEntropy(),
                Provenance.ofWeights(found.map(WeightsEntry::name).orElse(String.valueOf(file.getFileName()))));
        return new SavedNet(new ModelPackage(config, net), Device.of(device));
    }

    /** Whether a network says what is where, and has classes of its own: a detector or a segmentation network. */
    static boolean ofPlaces(String model) {
        Class<?> network = Models.network(model);
        return network == DetectionNet.class || network == SegmentationNet.class;
    }

    /** Refuses weights that are only a part of the network, before they are fetched. */
    private static void checkOwn(String model, String weights, Optional<WeightsEntry> found) {
        boolean own = found.isEmpty() || WeightsEntry.of(model).contains(found.get());
        if (!own) {
            throw new IllegalArgumentException(
                    "'%s' are weights of %s, the backbone of '%s': it can be trained from them, but finds nothing without training"
                            .formatted(Escaped.of(weights), found.get().model(), Escaped.of(model)));
        }
    }

    /**
     * The file of {@code weights} for a network: what a tag names, downloaded if need be, or the file or run itself.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Path file(String model, String weights, Download.Progress progress) {
        return Models.isText(model)
                ? Path.of(weights)
                : WeightsEntry.file(model, weights, PublicDataset.cache(), progress);
    }

    /** Whether {@code weights} are what published ones of a network are called, not a file or run. */
    public static boolean isPublished(String model, String weights) {
        return !Models.isText(model) && WeightsEntry.find(model, weights).isPresent();
    }

    /** The number of values that the last layer of the file's network gives. */
    private static int classes(Path path, String model, ModelEntry.Input input) {
        if (Files.isDirectory(path)) {
            return SavedNet.config(path).classes().size();
        }
        try (var scope = new Scope()) {
            Module usual = Models.create(model, input.channels(), input.height(), input.width(), input.classes());
            Map<String, Tensor> tensors = PublishedNames.of(usual, WeightFile.read(path));
            var names =
                    List.copyOf(usual.state().undrawn(usual.state()::tensors).keySet());
            Tensor last = tensors.get(names.get(names.size() - 1));
            return last == null || last.dims() == 0 ? input.classes() : Math.toIntExact(last.size(0));
        }
    }

    /**
     * How images are prepared for the best weights that {@code model} is published with, of a network without such those of its
     * backbone; of none, or of layers, nothing.
     */
    static Optional<Preprocess> preprocess(String model) {
        return preprocess(model, WeightsEntry.of(model).stream().findFirst().orElse(null))
                .or(() -> BackboneWeights.classifier(model).flatMap(PublishedModel::preprocess));
    }

    private static Optional<Preprocess> preprocess(String model, WeightsEntry known) {
        return Architecture.of(model) instanceof Architecture.Registered registered
                ? registered
                        .config()
                        .published()
                        .or(() -> Optional.ofNullable(known).map(WeightsEntry::preprocess))
                : Optional.empty();
    }

    private static List<String> names(int classes, WeightsEntry known) {
        if (known != null && known.classes().size() == classes) {
            return known.classes();
        }
        return unnamed(classes);
    }

    /** What classes are called whose names are not known. */
    public static List<String> unnamed(int classes) {
        return IntStream.range(0, classes)
                .mapToObj(i -> String.format(Locale.ROOT, "class %d", i))
                .toList();
    }

    private static Preprocess usual(ModelEntry.Input input) {
        Preprocess plain = Preprocess.of(input.height(), input.width(), input.channels());
        return input.channels() == 3 ? plain.withNormalization(MEAN, DEVIATION) : plain;
    }
}
