package dev.fovea.task.generate;

import dev.fovea.data.Batch;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.GeneratorAndDiscriminator;
import dev.fovea.nn.Module;
import dev.fovea.train.ImageTensors;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Adversarial training: in each step first the discriminator is updated, then the generator.
 *
 * @param classes of the images
 */
record AdversarialObjective(Adversarial task, int classes, Pixels pixels) implements Objective {

    /** @throws IllegalArgumentException if a gradient penalty is asked for and the images of a batch see each other */
    static AdversarialObjective of(Adversarial task, GeneratorType.Trained trained) {
        if (task.gradientPenalty() > 0 && !((GeneratorAndDiscriminator) trained.net()).batchIndependent()) {
            throw new IllegalArgumentException(
                    "task.gradientPenalty=%s: batch norms let images of a batch look at each other, and then the slope at one of them means nothing. Use \"dcgan norm=layer\""
                            .formatted(task.gradientPenalty()));
        }
        return new AdversarialObjective(task, trained.classes(), trained.pixels());
    }

    private static final Phase DISCRIMINATOR = new Phase("discriminator.");
    private static final Phase GENERATOR = new Phase("generator.");

    /** Accuracy above which the discriminator gives the generator no useful gradient. */
    private static final double WINS = 0.99;

    /** Bounds of the norm of a gradient: below it has vanished, above it explodes. */
    private static final double VANISHED = 1e-4;

    private static final double EXPLODED = 1e3;

    /** Intra-class diversity below which the generator has collapsed. */
    private static final double ALIKE = 0.3;

    @Override
    public List<Phase> phases() {
        return List.of(DISCRIMINATOR, GENERATOR);
    }

    @Override
    public boolean due(Phase phase, long step) {
        return phase.equals(DISCRIMINATOR) || step % task.discriminatorSteps() == 0;
    }

    @Override
    public Outcome step(Module net, Batch batch) {
        return step(net, batch, GENERATOR);
    }

    @Override
    public Outcome step(Module net, Batch batch, Phase phase) {
        var pair = (GeneratorAndDiscriminator) net;
        Random random = net.state().random();
        return phase.equals(DISCRIMINATOR)
                ? discriminatorStep(pair, batch, random)
                : generatorStep(pair, batch, random);
    }

    private Outcome discriminatorStep(GeneratorAndDiscriminator pair, Batch batch, Random random) {
        Tensor labels = pixels.labels(batch);
        Tensor real = pixels.images(batch);
        Tensor fake;
        try (var noGrad = new NoGrad()) {
            fake = pair.generate(noise(pair, batch.size(), random), labels).to(DType.FLOAT32);
        }
        Tensor seen = augmented(real, random);
        boolean penalised = task.penaltyInterval() == 1 || random.next() * task.penaltyInterval() < 1;
        double r1Penalty = penalised ? task.r1Penalty() * task.penaltyInterval() : 0;
        double gradientPenalty = penalised ? task.gradientPenalty() * task.penaltyInterval() : 0;
        if (r1Penalty > 0) {
            seen = seen.detach().requireGrad(true);
        }
        Tensor realLogits = pair.discriminate(seen, labels).to(DType.FLOAT32);
        Tensor fakeLogits = pair.discriminate(augmented(fake, random), labels).to(DType.FLOAT32);
        Tensor loss = switch (task.ganLoss()) {
            case NON_SATURATING ->
                realLogits.neg().softplus().mean().add(fakeLogits.softplus().mean());
            case HINGE ->
                realLogits
                        .neg()
                        .add(1)
                        .relu()
                        .mean()
                        .add(fakeLogits.add(1).relu().mean());
            case WGAN -> fakeLogits.mean().sub(realLogits.mean());
            case LSGAN ->
                realLogits.sub(1).pow(2).mean().add(fakeLogits.pow(2).mean()).mul(0.5);
        };
        if (r1Penalty > 0) {
            Tensor slope = realLogits.sum().gradient(seen);
            loss = loss.add(slope.mul(slope).sum().mul(r1Penalty / 2 / batch.size()));
        }
        if (gradientPenalty > 0) {
            loss = loss.add(between(pair, real, fake, labels, random).mul(gradientPenalty));
        }
        var metrics = new LinkedHashMap<String, Tensor>();
        metrics.put("discriminatorLoss", loss.detach());
        metrics.put("discriminatorAccuracy", accuracy(realLogits.detach(), fakeLogits.detach()));
        List<Tensor> pairs = pairs(batch.labels());
        if (!pairs.isEmpty()) {
            metrics.put(
                    "intraClassDiversity",
                    meanDistance(fake, pairs).div(meanDistance(real, pairs).add(1e-6)));
        }
        return new Outcome(loss, metrics);
    }

    /**
     * The accuracy of the discriminator; a Wasserstein critic has no threshold of its own, it is half-way between both
     * means.
     */
    private Tensor accuracy(Tensor realLogits, Tensor fakeLogits) {
        Tensor border = switch (task.ganLoss()) {
            case NON_SATURATING, HINGE -> Tensor.zeros(1);
            case LSGAN -> Tensor.full(0.5, 1);
            case WGAN -> realLogits.mean().add(fakeLogits.mean()).mul(0.5);
        };
        Tensor at = border.to(realLogits.device());
        Tensor right = realLogits.sub(at).ge(0).to(DType.FLOAT32).mean();
        Tensor taken = fakeLogits.sub(at).ge(0).to(DType.FLOAT32).mean();
        return right.sub(taken).add(1).mul(0.5);
    }

    private Outcome generatorStep(GeneratorAndDiscriminator pair, Batch batch, Random random) {
        Tensor labels = pixels.labels(batch);
        Tensor fake = pair.generate(noise(pair, batch.size(), random), labels).to(DType.FLOAT32);
        Tensor logits = pair.discriminate(augmented(fake, random), labels).to(DType.FLOAT32);
        Tensor loss = switch (task.ganLoss()) {
            case NON_SATURATING -> logits.neg().softplus().mean();
            case HINGE, WGAN -> logits.mean().neg();
            case LSGAN -> logits.sub(1).pow(2).mean().mul(0.5);
        };
        return new Outcome(loss, Map.of());
    }

    private Tensor noise(GeneratorAndDiscriminator pair, int count, Random random) {
        return Tensor.randn(random, count, pair.noiseSize()).to(pixels.device());
    }

    /** The mean squared distance of the gradient norm from 1, at random points between real and generated images. */
    private Tensor between(GeneratorAndDiscriminator pair, Tensor real, Tensor fake, Tensor labels, Random random) {
        try (var exact = Autocast.off(real.device())) {
            Tensor share = Tensor.rand(random, real.size(0), 1, 1, 1).to(real.device());
            Tensor mixed =
                    real.mul(share).add(fake.mul(share.neg().add(1))).detach().requireGrad(true);
            Tensor slope = pair.discriminate(mixed, labels).sum().gradient(mixed);
            Tensor length = slope.mul(slope).sum(1, 2, 3).add(1e-12).sqrt();
            return length.sub(1).pow(2).mean();
        }
    }

    /** Each image of a batch and the next one of its class: the positions of the first, and of the second. */
    private List<Tensor> pairs(long[] labels) {
        var last = new HashMap<Long, Long>();
        var firsts = new ArrayList<Long>();
        var seconds = new ArrayList<Long>();
        for (int i = 0; i < labels.length; i++) {
            Long before = last.put(labels[i], (long) i);
            if (before != null) {
                firsts.add(before);
                seconds.add((long) i);
            }
        }
        return firsts.isEmpty() ? List.of() : List.of(positions(firsts), positions(seconds));
    }

    private Tensor positions(List<Long> values) {
        long[] all = values.stream().mapToLong(Long::longValue).toArray();
        return Tensor.of(all, all.length).to(pixels.device());
    }

    /** The mean absolute difference of pairs of images. */
    private static Tensor meanDistance(Tensor images, List<Tensor> pairs) {
        Tensor p = images.detach();
        return p.indexSelect(0, pairs.get(0))
                .sub(p.indexSelect(0, pairs.get(1)))
                .abs()
                .mean();
    }

    private Tensor augmented(Tensor images, Random random) {
        return task.augment() ? DifferentiableAugment.apply(images, random) : images;
    }

    /**
     * No metrics: a batch of real images says nothing about the generator, whose images are evaluated by their
     * features.
     */
    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        return Map.of();
    }

    @Override
    public boolean validates() {
        return false;
    }

    @Override
    public List<Image> samples(Module net, int from, int count) {
        var pair = (GeneratorAndDiscriminator) net;
        Tensor noise = noise(pair, count, net.state().random());
        return ImageTensors.of(pair.generate(noise, pixels.inTurn(from, count, classes)));
    }

    @Override
    public List<String> remarks(Map<String, Double> means) {
        var remarks = new ArrayList<String>();
        // A Wasserstein critic gives a useful gradient even when it separates all.
        if (means.getOrDefault("discriminatorAccuracy", 0.0) > WINS && task.ganLoss() != GanLoss.WGAN) {
            remarks.add(String.format(
                    Locale.ROOT,
                    "the discriminator wins (its accuracy is %.1f %%): the generator gets no useful gradient. Try %s",
                    100 * means.get("discriminatorAccuracy"),
                    againstWinning()));
        }
        if (means.getOrDefault("intraClassDiversity", 1.0) < ALIKE) {
            remarks.add(String.format(
                            Locale.ROOT,
                            "the generator collapses (the diversity within a class is %.0f %% of that of real images): try ",
                            100 * means.get("intraClassDiversity"))
                    + "a larger task.r1Penalty, or task.augment=true");
        }
        for (Phase phase : phases()) {
            double norm = means.getOrDefault(phase.part() + "Gradient", 1.0);
            if (norm < VANISHED) {
                remarks.add(String.format(
                        Locale.ROOT,
                        "the gradient of the %s has vanished (norm %.0e): it no longer trains. Try another task.ganLoss, such as lsgan",
                        phase.part(),
                        norm));
            }
            if (norm > EXPLODED) {
                remarks.add(String.format(
                        Locale.ROOT,
                        "the gradient of the %s explodes (norm %.0e): try update.gradientClip=1 or a smaller optimizer.lr",
                        phase.part(),
                        norm));
            }
        }
        return remarks;
    }

    /** Settings that weaken the discriminator, of those this run does not have yet. */
    private String againstWinning() {
        var advice = new ArrayList<String>();
        advice.add(
                task.r1Penalty() == 0
                        ? "task.r1Penalty=1"
                        : "task.r1Penalty=%s".formatted(Double.toString(10 * task.r1Penalty())));
        if (!task.augment()) {
            advice.add("task.augment=true");
        }
        return String.join(", ", advice) + " or a smaller optimizer.lr";
    }

    @Override
    public String criterion() {
        return "loss";
    }

    @Override
    public boolean largerIsBetter() {
        return false;
    }
}
