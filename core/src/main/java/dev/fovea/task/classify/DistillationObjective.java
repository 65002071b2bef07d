package dev.fovea.task.classify;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.AuxiliaryHeads;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Module;
import dev.fovea.run.RunContext;
import dev.fovea.train.HeadOutputs;
import dev.fovea.train.Objective;
import dev.fovea.train.Validation;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One class per image, learned from the labels and from the answers of a teacher to the same augmented images. */
record DistillationObjective(ClassificationObjective labels, Distillation settings, Teacher teacher)
        implements Objective {

    /** The outputs of a network, and the mean last feature maps [N, F] of one that can be cut there. */
    private record Answers(HeadOutputs outputs, Optional<Tensor> embedding) {}

    /**
     * That of a run.
     *
     * @throws IllegalArgumentException if teacher and student do not fit each other
     */
    static DistillationObjective of(ClassificationObjective labels, Distillation settings, RunContext run) {
        Teacher teacher = Teacher.of(settings, run);
        if (settings.features() > 0 && !(hasEmbedding(run.net()) && teacher.hasEmbedding())) {
            throw new IllegalArgumentException(
                    "task.distill.features compares feature maps, and %s has none that it is cut at. Leave it out"
                            .formatted(teacher.hasEmbedding() ? run.recipe().model() : settings.teacher()));
        }
        return new DistillationObjective(labels, settings, teacher);
    }

    /** Whether its head can be cut off while it learns. */
    private static boolean hasEmbedding(Module net) {
        return net instanceof FeatureMaps maps && maps.hasMaps() && !(net instanceof AuxiliaryHeads);
    }

    @Override
    public void beginEpoch(int epoch, int epochs) {
        labels.beginEpoch(epoch, epochs);
    }

    @Override
    public Outcome step(Module net, Batch batch) {
        boolean features = settings.features() > 0;
        Teacher.Answers wanted = teacher.answer(batch, features);
        Tensor targets = labels.pixels().targets(batch);
        Answers given = answers(net, labels.pixels().images(batch), features);
        Outcome own = labels.outcome(given.outputs(), targets);
        Tensor taught = new DistillationLoss(settings).of(given.outputs().last(), wanted.logits());
        Tensor loss = own.loss().mul(1 - settings.weight()).add(taught.mul(settings.weight()));
        if (given.embedding().isPresent() && wanted.embedding().isPresent()) {
            Tensor apart = DistillationLoss.ofFeatures(
                    given.embedding().get(), wanted.embedding().get());
            loss = loss.add(apart.mul(settings.features()));
        }
        return new Outcome(loss, own.metrics());
    }

    private static Answers answers(Module net, Tensor images, boolean features) {
        if (!features) {
            return new Answers(HeadOutputs.of(net, images), Optional.empty());
        }
        FeatureMaps.Cut parts = ((FeatureMaps) net).cut(images);
        Tensor logits = parts.rest().apply(parts.maps()).to(DType.FLOAT32);
        Tensor embedding = parts.maps().mean(2, 3).to(DType.FLOAT32);
        return new Answers(new HeadOutputs(logits, List.of(), 0), Optional.of(embedding));
    }

    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        return labels.evaluate(net, batches);
    }

    @Override
    public Validation validate(Module net, Iterator<Batch> batches) {
        return labels.validate(net, batches);
    }

    @Override
    public String criterion() {
        return labels.criterion();
    }

    @Override
    public boolean largerIsBetter() {
        return labels.largerIsBetter();
    }
}
