package dev.fovea.task.classify;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.nn.Loss;
import dev.fovea.train.Task;
import java.util.List;

/**
 * Which of the classes an image shows.
 *
 * @param reweight how much more an image of a rare class counts than one of a common class: by the effective number of images,
 *     {@code (1 - beta) / (1 - beta^n)} for n images at this beta (Cui et al. 2019, <a
 *     href="https://arxiv.org/abs/1901.05555">1901.05555</a>). At 0 all images count alike, at 1 all classes do
 * @param deferred share of the epochs before the images are weighted so (Cao et al. 2019, <a
 *     href="https://arxiv.org/abs/1906.07413">1906.07413</a>), 0 to below 1
 * @param logitAdjustment factor of the logarithm of the classes' frequencies that is added to the logits while training, so that
 *     rare classes win more often without it (Menon et al. 2021, <a
 *     href="https://arxiv.org/abs/2007.07314">2007.07314</a>); 0 for none, usually 1
 * @param discard share of each batch that does not count, that with the largest losses, for labels that are wrong (the small-loss
 *     rule of Han et al. 2018, <a href="https://arxiv.org/abs/1804.06872">1804.06872</a>, with one network); it rises from 0
 *     over the first third of the epochs
 * @param tta views of an image that the saved model averages over whenever it answers
 * @param distill how it learns from a teacher, or {@link Distillation#NONE}
 */
@JsonTypeName(Classification.WORD)
public record Classification(
        double reweight,
        double deferred,
        double logitAdjustment,
        double discard,
        TestTimeAugmentation tta,
        Distillation distill)
        implements Task {

    static final String WORD = "classification";

    /** All images count alike. */
    public static final Classification PLAIN = new Classification(0, 0, 0, 0);

    public Classification {
        require(reweight >= 0 && reweight <= 1, "task.reweight must be 0 (off) to 1", "reweight", reweight);
        require(deferred >= 0 && deferred < 1, "task.deferred must be 0 to below 1", "deferred", deferred);
        require(
                deferred == 0 || reweight > 0,
                "task.deferred puts task.reweight off, which is 0. Set it to 1, or to 0.999",
                "deferred",
                deferred);
        require(
                logitAdjustment >= 0,
                "task.logitAdjustment must be 0 (off) or more",
                "logitAdjustment",
                logitAdjustment);
        require(discard >= 0 && discard < 1, "task.discard must be 0 (off) to below 1", "discard", discard);
    }

    /** Which learns from the labels alone, and answers about the image as it is. */
    public Classification(double reweight, double deferred, double logitAdjustment, double discard) {
        this(reweight, deferred, logitAdjustment, discard, TestTimeAugmentation.NONE, Distillation.NONE);
    }

    private static void require(boolean condition, String rule, String key, double value) {
        if (!condition) {
            throw new IllegalArgumentException("%s, got task.%s=%s".formatted(rule, key, value));
        }
    }

    /** Taught by another classifier. */
    public Classification withDistillation(Distillation value) {
        return new Classification(reweight, deferred, logitAdjustment, discard, tta, value);
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public boolean labelled() {
        return true;
    }

    @Override
    public boolean balances() {
        return reweight > 0 || logitAdjustment > 0;
    }

    @Override
    public List<String> losses() {
        return Loss.ofImages().stream().map(Loss::word).toList();
    }
}
