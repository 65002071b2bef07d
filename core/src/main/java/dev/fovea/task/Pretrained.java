package dev.fovea.task;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import dev.fovea.models.EncoderClassifier;
import dev.fovea.models.FrameSequence;
import dev.fovea.models.InceptionV3;
import dev.fovea.models.ModelPackage;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Weights;
import dev.fovea.nn.WeightsMismatchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Weights a run starts from. */
final class Pretrained {

    private Pretrained() {}

    /**
     * Loads all of {@code file}, or all but the head where only that is of another class count. A network over the encoder
     * of an autoencoder may be given the autoencoder's weights, one over the frames of clips those of a classifier of
     * pictures.
     *
     * @param path a safetensors file, a run folder or a model package
     * @throws dev.fovea.nn.WeightsMismatchException if more than the head differs
     */
    static void load(Path path, Layer net) {
        Path file = Files.isDirectory(path) ? SavedModel.folder(path).resolve(ModelPackage.WEIGHTS) : path;
        try (var scope = new Scope()) {
            Map<String, Tensor> tensors =
                    new LinkedHashMap<>(Safetensors.read(file).tensors());
            tensors.keySet().removeIf(name -> name.startsWith(InceptionV3.AUXILIARY));
            load(tensors, net);
        } catch (WeightsMismatchException e) {
            throw e.in(file);
        }
    }

    private static void load(Map<String, Tensor> tensors, Layer net) {
        if (net instanceof EncoderClassifier over
                && over.coding().state().tensors().keySet().equals(tensors.keySet())) {
            Weights.load(tensors, over.coding().state());
            return;
        }
        if (net instanceof FrameSequence over) {
            Map<String, Tensor> seeing = over.backbone().state().tensors();
            if (tensors.keySet().containsAll(seeing.keySet())) {
                tensors.keySet().retainAll(seeing.keySet());
                Weights.load(tensors, over.backbone().state());
                return;
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
            }
        });
        Weights.load(tensors, net.state());
    }
}
