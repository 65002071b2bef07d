package dev.fovea.task.classify;

import dev.fovea.data.Batch;
import dev.fovea.data.DataException;
import dev.fovea.data.Preprocess;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.run.Classes;
import dev.fovea.run.PublishedModel;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A trained classifier that answers for the images of a student's batches, in evaluation mode. */
final class Teacher {

    /** The answers of a teacher, float32. */
    record Answers(Tensor logits, Optional<Tensor> embedding) {}

    private final SavedNet network;
    private final int[] order;

    private Teacher(SavedNet network, int[] order) {
        this.network = network;
        this.order = order;
    }

    /**
     * That of a run.
     *
     * @throws IllegalArgumentException if there is no such model, or it is for images of other channels
     * @throws DataException if its classes are not those of the training data
     */
    static Teacher of(Distillation settings, RunContext run) {
        SavedNet network = network(settings, run.device().toString());
        checkImages(settings.teacher(), network.preprocess(), run.preprocess());
        List<String> classes = run.data().train().classes();
        return new Teacher(network, order(settings, network.config().classes(), classes));
    }

    /** @throws IllegalArgumentException if there is no such model */
    static SavedNet network(Distillation settings, String device) {
        return settings.weights().isEmpty()
                ? SavedNet.load(Path.of(settings.teacher()), device, List.of(ClassificationType.TYPE))
                : PublishedModel.load(
                        ClassificationType.TYPE,
                        settings.teacher(),
                        settings.weights(),
                        device,
                        (file, done, total) -> {});
    }

    private static void checkImages(String name, Preprocess teacher, Preprocess student) {
        if (teacher.channels() != student.channels()
                || teacher.frames().length() != student.frames().length()) {
            throw new IllegalArgumentException(
                    "teacher %s: takes images of %s channels and %s frames, the student takes %s and %s. Choose a student or teacher of the same"
                            .formatted(
                                    name,
                                    teacher.channels(),
                                    teacher.frames().length(),
                                    student.channels(),
                                    student.frames().length()));
        }
    }

    /**
     * Where each class of the student stands among the teacher's; published weights without class names have them in order.
     *
     * @param classes the teacher's
     * @param wanted the student's
     * @throws DataException if they are not the same
     */
    static int[] order(Distillation settings, List<String> classes, List<String> wanted) {
        boolean unnamed = classes.equals(PublishedModel.unnamed(classes.size()));
        if (unnamed && classes.size() == wanted.size()) {
            return IntStream.range(0, classes.size()).toArray();
        }
        if (classes.size() != wanted.size() || !classes.containsAll(wanted)) {
            throw new DataException(
                    "teacher %s: knows %s classes, %s; the data has %s, %s. Both must know the same classes"
                            .formatted(
                                    settings.teacher(),
                                    classes.size(),
                                    Classes.shortened(classes),
                                    wanted.size(),
                                    Classes.shortened(wanted)));
        }
        return wanted.stream().mapToInt(classes::indexOf).toArray();
    }

    /** Whether it gives embeddings. */
    boolean hasEmbedding() {
        return network.net() instanceof FeatureMaps maps && maps.hasMaps();
    }

    /** What it says of {@code batch}, logits [N, K] in the order of the student's classes, and the embedding [N, F] if wanted. */
    Answers answer(Batch batch, boolean withEmbedding) {
        try (var noGrad = new NoGrad()) {
            Tensor images = sized(network.pixels().images(batch));
            if (withEmbedding) {
                FeatureMaps.Cut cut = ((FeatureMaps) network.net()).cut(images);
                return new Answers(
                        ordered(cut.rest().apply(cut.maps())),
                        Optional.of(cut.maps().mean(2, 3).to(DType.FLOAT32)));
            }
            return new Answers(ordered(network.layer().forward(images)), Optional.empty());
        }
    }

    /** In the size that the teacher was trained for. */
    private Tensor sized(Tensor images) {
        Preprocess own = network.preprocess();
        boolean same = images.dims() != 4 || images.size(2) == own.height() && images.size(3) == own.width();
        return same ? images : images.upsampleBilinear(own.height(), own.width());
    }

    private Tensor ordered(Tensor logits) {
        long[] index = Arrays.stream(order).asLongStream().toArray();
        return logits.to(DType.FLOAT32)
                .indexSelect(1, Tensor.of(index, index.length).to(logits.device()));
    }
}
