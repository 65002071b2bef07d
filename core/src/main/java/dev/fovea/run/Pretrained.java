package dev.fovea.run;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import dev.fovea.models.EncoderClassifier;
import dev.fovea.models.FrameSequence;
import dev.fovea.models.InceptionV3;
import dev.fovea.models.ModelPackage;
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
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Weights a run starts from. */
public final class Pretrained {

    private Pretrained() {}

    /**
     * What came of it.
     *
     * @param file that was read
     * @param loaded names of the network's tensors that the file gave their values
     * @param kept names of those that keep their first values
     * @param unused names of tensors that the file has and the network has no place for
     */
    record Loaded(Path file, List<String> loaded, List<String> kept, List<String> unused) {

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

        private static String listed(List<String> names) {
            String first = String.join(", ", names.subList(0, Math.min(4, names.size())));
            return names.size() <= 4 ? first : first + " and %s more".formatted(names.size() - 4);
        }
    }

    /**
     * Loads all of {@code file}, or all but the head where only that is of another class count. A network over the encoder
     * of an autoencoder may be given the autoencoder's weights, one over the frames of clips those of a classifier of
     * images.
     *
     * @param path a safetensors file, a run folder or a model package
     * @throws dev.fovea.nn.WeightsMismatchException if more than the head differs
     * @throws IllegalArgumentException if there is no such file
     */
    public static Loaded load(Path path, Module net) {
        Path file = file(path);
        try (var scope = new Scope()) {
            Map<String, Tensor> tensors =
                    new LinkedHashMap<>(Safetensors.read(file).tensors());
            var unused = new ArrayList<String>();
            tensors.keySet().stream()
                    .filter(name -> name.startsWith(InceptionV3.AUXILIARY))
                    .forEach(unused::add);
            tensors.keySet().removeAll(unused);
            var given = List.copyOf(tensors.keySet());
            Set<Tensor> filled = load(tensors, net);
            given.stream().filter(name -> !tensors.containsKey(name)).forEach(unused::add);
            var loaded = new ArrayList<String>();
            var kept = new ArrayList<String>();
            net.state().tensors().forEach((name, tensor) -> (filled.contains(tensor) ? loaded : kept).add(name));
            return new Loaded(file, List.copyOf(loaded), List.copyOf(kept), List.copyOf(unused));
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
        Safetensors.header(file(path));
    }

    private static Path file(Path path) {
        Path file = Files.isDirectory(path) ? SavedNet.folder(path).resolve(ModelPackage.WEIGHTS) : path;
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "%s: no weights are there. Expected a safetensors file, or the folder of a run or of a model"
                            .formatted(path));
        }
        return file;
    }

    /** The tensors of {@code net} that took values of the file; of {@code tensors}, those without a place are removed. */
    private static Set<Tensor> load(Map<String, Tensor> tensors, Module net) {
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
        var own = net.state().tensors();
        var names = List.copyOf(own.keySet());
        String head = names.get(names.size() - 1).replaceFirst("\\.[^.]*$", "") + ".";
        own.forEach((name, tensor) -> {
            boolean another = tensors.containsKey(name)
                    && !Arrays.equals(tensors.get(name).shape(), tensor.shape());
            if (name.startsWith(head) && another) {
                tensors.put(name, tensor);
            } else {
                filled.add(tensor);
            }
        });
        Weights.load(tensors, net.state());
        return filled;
    }
}
