package dev.fovea.models;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Escaped;
import dev.fovea.io.WeightFile;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Module;
import dev.fovea.nn.Weights;
import dev.fovea.nn.WeightsMismatchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Weights a run starts from, or a network is used with. */
public final class Pretrained {

    /** Heads that help training alone, which many published files have and many networks have no place for. */
    private static final List<String> AUXILIARY = List.of("AuxLogits.", "aux1.", "aux2.", "aux_classifier.");

    private Pretrained() {}

    /**
     * What came of it.
     *
     * @param file that was read
     * @param loaded names of the network's tensors that the file gave their values
     * @param kept names of those that keep their first values
     * @param unused names of tensors that the file has and the network has no place for
     * @param adapted what was done to make a tensor fit, each in one sentence
     */
    public record Loaded(Path file, List<String> loaded, List<String> kept, List<String> unused, List<String> adapted) {

        /** In one sentence, for people. */
        String text() {
            return "weights: %s of %s tensors are those of %s%s%s"
                    .formatted(
                            loaded.size(),
                            loaded.size() + kept.size(),
                            file,
                            kept.isEmpty() ? "" : "; left at their first values: " + listed(kept),
                            unused.isEmpty() ? "" : "; not used: " + listed(unused));
        }

        /** All there is to say. */
        public List<String> texts() {
            var texts = new ArrayList<>(List.of(text()));
            adapted.forEach(text -> texts.add("weights: " + text));
            return texts;
        }
    }

    /** Some names, for a message: the first four, and how many more. */
    public static String listed(List<String> names) {
        String first = String.join(
                ", ",
                names.subList(0, Math.min(4, names.size())).stream()
                        .map(Escaped::of)
                        .toList());
        return names.size() <= 4 ? first : first + " and %s more".formatted(names.size() - 4);
    }

    /**
     * Copies weights between networks of one architecture: all but those of a head for another number of classes.
     *
     * @throws WeightsMismatchException if they are of different architectures
     */
    public static void copy(Module from, Module to) {
        var given = new LinkedHashMap<>(from.state().tensors());
        to.state().tensors().forEach((name, own) -> {
            Tensor tensor = given.get(name);
            if (tensor != null && !Arrays.equals(tensor.shape(), own.shape())) {
                given.put(name, own);
            }
        });
        Weights.load(given, to.state());
    }

    /** The same with the head of the file, where its class count is the network's. */
    public static Loaded load(Path path, Module net) {
        return load(path, net, false);
    }

    /**
     * Loads all of {@code file}, or all but the head where only that is of another class count. A network over the encoder
     * of an autoencoder may be given the autoencoder's weights, one over the frames of clips those of a classifier of
     * images, a detector, a segmentation network or an embedding those of the classifier that is its backbone. Where the images have other channels than the weights, the first convolution is adapted as timm does it.
     *
     * @param path a file of weights, a run folder or a model package
     * @param ignoreHead whether the head keeps its first values even if the file has one that fits
     * @throws dev.fovea.nn.WeightsMismatchException if more than the head differs, or a value is not finite
     * @throws IllegalArgumentException if there is no such file
     */
    public static Loaded load(Path path, Module net, boolean ignoreHead) {
        Path file = file(path);
        try (var scope = new Scope()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(PublishedNames.of(net, WeightFile.read(file)));
            var unused = new ArrayList<String>();
            Set<String> own = net.state().undrawn(net.state()::tensors).keySet();
            AUXILIARY.stream()
                    .filter(prefix -> own.stream().noneMatch(name -> name.startsWith(prefix)))
                    .forEach(prefix -> tensors.keySet().stream()
                            .filter(name -> name.startsWith(prefix))
                            .forEach(unused::add));
            tensors.keySet().removeAll(unused);
            tensors.keySet()
                    .removeIf(name -> SizedWeights.COMPUTED.contains(name.substring(name.lastIndexOf('.') + 1)));
            tensors.keySet().removeIf(name -> name.endsWith(".num_batches_tracked"));
            var adapted = new ArrayList<String>();
            var given = List.copyOf(tensors.keySet());
            Set<Tensor> filled = load(tensors, net, ignoreHead, adapted);
            given.stream().filter(name -> !tensors.containsKey(name)).forEach(unused::add);
            var loaded = new ArrayList<String>();
            var kept = new ArrayList<String>();
            net.state().tensors().forEach((name, tensor) -> (filled.contains(tensor) ? loaded : kept).add(name));
            return new Loaded(file, List.copyOf(loaded), List.copyOf(kept), List.copyOf(unused), List.copyOf(adapted));
        } catch (WeightsMismatchException e) {
            throw e.in(file);
        }
    }

    /**
     * Refuses what are no weights by the header alone, before there is a network to load them into.
     *
     * @throws IllegalArgumentException if there is no such file
     * @throws dev.fovea.io.FormatException if it is damaged
     */
    public static void check(Path path) {
        WeightFile.shapes(file(path));
    }

    private static Path file(Path path) {
        Path file = Files.isDirectory(path) ? ModelPackage.folder(path).resolve(ModelPackage.WEIGHTS) : path;
        if (ModelFormat.isFile(file)) {
            throw new IllegalArgumentException(
                    "%s: weights are not read from ONNX files, in which their names and forms may be others. Name the run or package that it was exported from"
                            .formatted(path));
        }
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "%s: no weights are there. Expected a safetensors or PyTorch file, or the folder of a run or of a model"
                            .formatted(path));
        }
        return file;
    }

    /** The tensors of {@code net} that took values of the file; of {@code tensors}, those without a place are removed. */
    private static Set<Tensor> load(Map<String, Tensor> tensors, Module net, boolean ignoreHead, List<String> adapted) {
        Set<Tensor> filled = Collections.newSetFromMap(new IdentityHashMap<>());
        if (net instanceof EncoderClassifier over
                && over.autoencoder().state().tensors().keySet().equals(tensors.keySet())) {
            Weights.load(tensors, over.autoencoder().state());
            filled.addAll(over.autoencoder().state().tensors().values());
            return filled;
        }
        if (net instanceof FrameSequence over) {
            Map<String, Tensor> seeing = over.backbone().state().tensors();
            if (tensors.keySet().containsAll(seeing.keySet())) {
                tensors.keySet().retainAll(seeing.keySet());
                Weights.load(tensors, over.backbone().state());
                filled.addAll(seeing.values());
                return filled;
            }
        }
        Map<String, Tensor> own = net.state().tensors();
        if (net instanceof DetectionNet || net instanceof SegmentationNet || net instanceof EmbeddingNet) {
            Optional<Map<String, Tensor>> backbone = BackboneWeights.placed(tensors, own.keySet());
            if (backbone.isPresent()) {
                return loadBackbone(tensors, backbone.get(), net, adapted);
            }
        }
        adaptChannels(tensors, own, adapted);
        adaptSize(tensors, net, own, adapted);
        Heads heads = Heads.of(net, own);
        filled.addAll(own.values());
        if (ignoreHead) {
            tensors.keySet().removeIf(heads::has);
        }
        own.forEach((name, tensor) -> {
            Tensor given = tensors.get(name);
            boolean others = heads.has(name) && given != null && heads.otherClasses(given, tensor);
            if (others || ignoreHead && heads.has(name)) {
                tensors.put(name, tensor);
                filled.remove(tensor);
            }
        });
        Weights.load(tensors, net.state());
        return filled;
    }

    private static Set<Tensor> loadBackbone(
            Map<String, Tensor> tensors, Map<String, Tensor> placed, Module net, List<String> adapted) {
        Map<String, Tensor> own = net.state().tensors();
        tensors.keySet().removeIf(name -> !placed.containsValue(tensors.get(name)));
        adaptChannels(placed, own, adapted);
        Set<Tensor> filled = Collections.newSetFromMap(new IdentityHashMap<>());
        own.forEach((name, tensor) -> {
            if (placed.putIfAbsent(name, tensor) != null) {
                filled.add(tensor);
            }
        });
        Weights.load(placed, net.state());
        return filled;
    }

    /**
     * The first convolution for images of other channels, as timm's {@code adapt_input_conv}: for one channel the sum over
     * the three, else the three repeated as often as needed and scaled, so that activations stay as large as they were.
     */
    private static void adaptChannels(Map<String, Tensor> tensors, Map<String, Tensor> own, List<String> adapted) {
        String name = own.entrySet().stream()
                .filter(entry -> entry.getValue().dims() == 4)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
        Tensor given = tensors.get(name);
        if (given == null || given.dims() != 4) {
            return;
        }
        long from = given.size(1);
        long to = own.get(name).size(1);
        long[] wanted = given.shape();
        wanted[1] = to;
        if (from != 3 || to == 3 || !Arrays.equals(wanted, own.get(name).shape())) {
            return;
        }
        Tensor floats = given.to(own.get(name).type());
        if (to == 1) {
            tensors.put(name, floats.sum(1).reshape(wanted));
            adapted.add("'%s' is for 3 channels in the file, its sum over them is used for 1".formatted(name));
            return;
        }
        int times = (int) ((to + 2) / 3);
        Tensor repeated = Tensor.cat(Collections.nCopies(times, floats), 1).narrow(1, 0, to);
        tensors.put(name, repeated.mul(3.0 / to));
        adapted.add(String.format(
                Locale.ROOT, "'%s' is for 3 channels in the file, repeated and scaled by 3/%d for %d", name, to, to));
    }

    /** Positions of another size of images, of networks that have such. */
    private static void adaptSize(
            Map<String, Tensor> tensors, Module net, Map<String, Tensor> own, List<String> adapted) {
        if (net instanceof SizedWeights sized) {
            own.forEach((name, tensor) -> {
                Tensor given = tensors.get(name);
                if (given == null || Arrays.equals(given.shape(), tensor.shape())) {
                    return;
                }
                Tensor fitted = sized.resized(name, given, tensor);
                if (Arrays.equals(fitted.shape(), tensor.shape())) {
                    tensors.put(name, fitted);
                    adapted.add("'%s' is for another size in the file, interpolated".formatted(name));
                }
            });
        }
    }

    /**
     * The tensors of the layers that give one value for each class: the last one, and those of auxiliary heads.
     *
     * @param hidden whether what leads to these values may depend on their number, too
     */
    private record Heads(List<String> prefixes, boolean hidden) {

        static Heads of(Module net, Map<String, Tensor> own) {
            if (net instanceof DetectionNet detector) {
                return new Heads(detector.classLayers(), true);
            }
            if (net instanceof SegmentationNet segmenter) {
                return new Heads(segmenter.classLayers(), true);
            }
            var names = List.copyOf(own.keySet());
            String last = module(names.get(names.size() - 1));
            Tensor ends = own.get(names.get(names.size() - 1));
            var inside = new ArrayList<>(AUXILIARY);
            if (net instanceof FeatureMaps maps && maps.hasMaps()) {
                maps.headNames().forEach(name -> inside.add(name + "."));
            }
            var prefixes = new LinkedHashSet<>(List.of(last));
            own.forEach((name, tensor) -> {
                boolean classes = ends.dims() > 0 && tensor.dims() > 1 && tensor.size(0) == ends.size(0);
                if (classes && inside.stream().anyMatch(name::startsWith)) {
                    prefixes.add(module(name));
                }
            });
            return new Heads(List.copyOf(prefixes), false);
        }

        private static String module(String name) {
            return name.replaceFirst("\\.[^.]*$", "") + ".";
        }

        boolean has(String name) {
            return prefixes.stream().anyMatch(name::startsWith);
        }

        /** Whether two tensors differ in their first size alone, as far as that matters. */
        boolean otherClasses(Tensor given, Tensor own) {
            long[] shape = given.shape();
            if (shape.length == 0 || shape.length != own.dims()) {
                return false;
            }
            if (hidden) {
                return !Arrays.equals(shape, own.shape());
            }
            shape[0] = own.size(0);
            return given.size(0) != own.size(0) && Arrays.equals(shape, own.shape());
        }
    }
}
