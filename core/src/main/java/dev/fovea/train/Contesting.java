package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.Adversaries;
import dev.fovea.nn.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A generator against a discriminator: in each step first the one that judges learns, then the one that makes.
 *
 * @param classes of the pictures
 */
public record Contesting(Task.Adversarial task, int classes, Pixels pixels) implements Objective {

    private static final Phase JUDGE = new Phase("discriminator.");
    private static final Phase MAKE = new Phase("generator.");

    /** A discriminator that is right so often has nothing left to teach. */
    private static final double WINS = 0.99;

    /** Of the norm of a gradient: nothing is learned from less, and more throws weights about. */
    private static final double VANISHED = 1e-4;

    private static final double EXPLODED = 1e3;

    /** Samples that differ so much less than pictures do are all alike. */
    private static final double ALIKE = 0.3;

    @Override
    public List<Phase> phases() {
        return List.of(JUDGE, MAKE);
    }

    @Override
    public boolean due(Phase phase, long step) {
        return phase.equals(JUDGE) || step % task.discriminatorSteps() == 0;
    }

    @Override
    public Outcome step(Layer net, Batch batch) {
        return step(net, batch, MAKE);
    }

    @Override
    public Outcome step(Layer net, Batch batch, Phase phase) {
        var pair = (Adversaries) net;
        return phase.equals(JUDGE) ? judge(pair, batch) : make(pair, batch);
    }

    private Outcome judge(Adversaries pair, Batch batch) {
        Tensor labels = pixels.labels(batch);
        Tensor real = pixels.images(batch);
        Tensor made;
        try (var noGrad = new NoGrad()) {
            made = pair.generate(noise(pair, batch), labels).to(DType.FLOAT32);
        }
        Tensor seen = augmented(real);
        boolean penalised = task.penaltyEvery() == 1 || Tensor.rand(1).item() * task.penaltyEvery() < 1;
        double realPenalty = penalised ? task.realPenalty() * task.penaltyEvery() : 0;
        double gradientPenalty = penalised ? task.gradientPenalty() * task.penaltyEvery() : 0;
        if (realPenalty > 0) {
            seen = seen.detach().requireGrad(true);
        }
        Tensor forReal = pair.judge(seen, labels).to(DType.FLOAT32);
        Tensor forMade = pair.judge(augmented(made), labels).to(DType.FLOAT32);
        Tensor loss = switch (task.contest()) {
            case LOGISTIC ->
                forReal.neg().softplus().mean().add(forMade.softplus().mean());
            case HINGE ->
                forReal.neg().add(1).relu().mean().add(forMade.add(1).relu().mean());
            case WASSERSTEIN -> forMade.mean().sub(forReal.mean());
            case LEAST_SQUARES ->
                forReal.sub(1).pow(2).mean().add(forMade.pow(2).mean()).mul(0.5);
        };
        if (realPenalty > 0) {
            Tensor slope = forReal.sum().gradient(seen);
            loss = loss.add(slope.mul(slope).sum().mul(realPenalty / 2 / batch.size()));
        }
        if (gradientPenalty > 0) {
            loss = loss.add(between(pair, real, made, labels).mul(gradientPenalty));
        }
        var metrics = new LinkedHashMap<String, Tensor>();
        metrics.put("discriminatorLoss", loss.detach());
        metrics.put("discriminatorAccuracy", accuracy(forReal.detach(), forMade.detach()));
        List<Tensor> pairs = pairs(batch.labels());
        if (!pairs.isEmpty()) {
            metrics.put("spread", spread(made, pairs).div(spread(real, pairs).add(1e-6)));
        }
        return new Outcome(loss, metrics);
    }

    /** The share that falls on its own side; a Wasserstein critic has no zero, its border is half-way between both means. */
    private Tensor accuracy(Tensor forReal, Tensor forMade) {
        Tensor border = switch (task.contest()) {
            case LOGISTIC, HINGE -> Tensor.zeros(1);
            case LEAST_SQUARES -> Tensor.full(0.5, 1);
            case WASSERSTEIN -> forReal.mean().add(forMade.mean()).mul(0.5);
        };
        Tensor at = border.to(forReal.device());
        Tensor right = forReal.sub(at).ge(0).to(DType.FLOAT32).mean();
        Tensor taken = forMade.sub(at).ge(0).to(DType.FLOAT32).mean();
        return right.sub(taken).add(1).mul(0.5);
    }

    private Outcome make(Adversaries pair, Batch batch) {
        Tensor labels = pixels.labels(batch);
        Tensor made = pair.generate(noise(pair, batch), labels).to(DType.FLOAT32);
        Tensor verdict = pair.judge(augmented(made), labels).to(DType.FLOAT32);
        Tensor loss = switch (task.contest()) {
            case LOGISTIC -> verdict.neg().softplus().mean();
            case HINGE, WASSERSTEIN -> verdict.mean().neg();
            case LEAST_SQUARES -> verdict.sub(1).pow(2).mean().mul(0.5);
        };
        return new Outcome(loss, Map.of());
    }

    private Tensor noise(Adversaries pair, Batch batch) {
        return Tensor.randn(batch.size(), pair.noiseSize()).to(pixels.device());
    }

    /** How far the slope is from 1 somewhere between real and generated pictures. */
    private Tensor between(Adversaries pair, Tensor real, Tensor made, Tensor labels) {
        try (var exact = Autocast.off(real.device())) {
            Tensor share = Tensor.rand(real.size(0), 1, 1, 1).to(real.device());
            Tensor mixed =
                    real.mul(share).add(made.mul(share.neg().add(1))).detach().requireGrad(true);
            Tensor slope = pair.judge(mixed, labels).sum().gradient(mixed);
            Tensor length = slope.mul(slope).sum(1, 2, 3).add(1e-12).sqrt();
            return length.sub(1).pow(2).mean();
        }
    }

    /** Each picture of a batch and the next one of its class: the positions of the first, and of the second. */
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

    /** The mean distance of two pictures of a class. */
    private static Tensor spread(Tensor pictures, List<Tensor> pairs) {
        Tensor p = pictures.detach();
        return p.indexSelect(0, pairs.get(0))
                .sub(p.indexSelect(0, pairs.get(1)))
                .abs()
                .mean();
    }

    private Tensor augmented(Tensor pictures) {
        return task.augment() ? DifferentiableAugment.apply(pictures) : pictures;
    }

    /** Nothing that a batch of pictures could tell; what is made is judged by other means. */
    @Override
    public Map<String, Double> evaluate(Layer net, Iterator<Batch> batches) {
        return Map.of();
    }

    @Override
    public boolean validates() {
        return false;
    }

    @Override
    public List<Image> samples(Layer net, int from, int count) {
        var pair = (Adversaries) net;
        Tensor noise = Tensor.randn(count, pair.noiseSize()).to(pixels.device());
        return Pictures.of(pair.generate(noise, pixels.inTurn(from, count, classes)));
    }

    @Override
    public List<String> remarks(Map<String, Double> means) {
        var remarks = new ArrayList<String>();
        // A Wasserstein critic that tells all apart still says which way to go.
        if (means.getOrDefault("discriminatorAccuracy", 0.0) > WINS && task.contest() != Task.Contest.WASSERSTEIN) {
            remarks.add(String.format(
                    Locale.ROOT,
                    "the discriminator wins (it is right %.1f %% of the time): the generator learns nothing from it. Try %s",
                    100 * means.get("discriminatorAccuracy"),
                    againstWinning()));
        }
        if (means.getOrDefault("spread", 1.0) < ALIKE) {
            remarks.add(String.format(
                            Locale.ROOT,
                            "the generator collapses (its images of a class differ %.0f %% as much as real ones do): try ",
                            100 * means.get("spread"))
                    + "a larger task.realPenalty, or task.augment=true");
        }
        for (Phase phase : phases()) {
            double norm = means.getOrDefault(phase.part() + "Gradient", 1.0);
            if (norm < VANISHED) {
                remarks.add(String.format(
                        Locale.ROOT,
                        "the gradient of the %s has vanished (norm %.0e): it no longer learns. Try another task.contest, such as least_squares",
                        phase.part(),
                        norm));
            }
            if (norm > EXPLODED) {
                remarks.add(String.format(
                        Locale.ROOT,
                        "the gradient of the %s explodes (norm %.0e): try update.clip=1 or a smaller optimizer.lr",
                        phase.part(),
                        norm));
            }
        }
        return remarks;
    }

    /** What this run does not do yet. */
    private String againstWinning() {
        var advice = new ArrayList<String>();
        advice.add(
                task.realPenalty() == 0
                        ? "task.realPenalty=1"
                        : "task.realPenalty=%s".formatted(Double.toString(10 * task.realPenalty())));
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
