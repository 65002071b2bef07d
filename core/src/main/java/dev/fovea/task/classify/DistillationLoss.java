package dev.fovea.task.classify;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import java.util.List;

/** How far a student's answers [N, K] are from a teacher's, by the method of a recipe; 0 where they are the same. */
record DistillationLoss(Distillation settings) {

    /** Of the divergence among the classes that are not the true one, as the paper has it for most pairs of networks. */
    private static final double OTHERS = 8;

    /** What is added to a logit to leave its class out. */
    private static final double OUT = -1e4;

    private static final double TINY = 1e-8;

    /**
     * A scalar.
     *
     * @param labels true classes [N], or shares of classes [N, K], the largest of which counts as true
     */
    Tensor of(Tensor student, Tensor teacher, Tensor labels) {
        double temperature = settings.temperature();
        Tensor s = student.div(temperature);
        Tensor t = teacher.div(temperature);
        Tensor loss = switch (settings.method()) {
            case SOFT -> divergence(s, t);
            case DECOUPLED -> decoupled(s, t, labels);
            case CORRELATION -> correlation(s.softmax(1), t.softmax(1));
        };
        return loss.mul(temperature * temperature); // as the gradient of a softened answer is smaller by that
    }

    /** Kullback-Leibler, the mean over the images. */
    private static Tensor divergence(Tensor student, Tensor teacher) {
        Tensor wanted = teacher.logSoftmax(1);
        return wanted.exp().mul(wanted.sub(student.logSoftmax(1))).sum(1).mean();
    }

    private static Tensor decoupled(Tensor student, Tensor teacher, Tensor labels) {
        Tensor answers = labels.dims() == 1 ? labels : labels.argmax(1);
        long classes = student.size(1);
        Tensor isTrue = answers.unsqueeze(1)
                .sub(Tensor.arange(classes).to(labels.device()).reshape(1, classes))
                .eq(0)
                .to(DType.FLOAT32);
        Tensor target = divergence(binary(student, isTrue), binary(teacher, isTrue));
        Tensor others = divergence(student.add(isTrue.mul(OUT)), teacher.add(isTrue.mul(OUT)));
        return target.add(others.mul(OTHERS));
    }

    /** Logits [N, 2] of the true class and of all others together. */
    private static Tensor binary(Tensor logits, Tensor isTrue) {
        Tensor own = logits.mul(isTrue).sum(1); // [N]
        Tensor rest = logits.add(isTrue.mul(OUT)); // all but the true class
        Tensor largest = rest.detach().max(1);
        Tensor others = rest.sub(largest.unsqueeze(1)).exp().sum(1).log().add(largest);
        return Tensor.stack(List.of(own, others), 1);
    }

    private static Tensor correlation(Tensor student, Tensor teacher) {
        return uncorrelated(student, teacher).add(uncorrelated(student.transpose(0, 1), teacher.transpose(0, 1)));
    }

    /** 1 less Pearson's correlation, the mean over the rows. */
    private static Tensor uncorrelated(Tensor a, Tensor b) {
        Tensor x = centred(a);
        Tensor y = centred(b);
        Tensor norms = x.mul(x).sum(1).mul(y.mul(y).sum(1)).add(TINY * TINY).sqrt();
        return x.mul(y).sum(1).div(norms).mean().neg().add(1);
    }

    private static Tensor centred(Tensor rows) {
        return rows.sub(rows.mean(1).unsqueeze(1));
    }

    /** How much the similarities of the images of a batch differ between embeddings [N, F] and [N, G]; a scalar. */
    static Tensor ofFeatures(Tensor student, Tensor teacher) {
        try (var exact = Autocast.off(student.device())) { // a product of float32 would be of bfloat16 again
            Tensor difference = similarities(student).sub(similarities(teacher));
            return difference.mul(difference).sum().div(student.size(0)).div(student.size(0));
        }
    }

    /** [N, N], each row of length 1. */
    private static Tensor similarities(Tensor embeddings) {
        Tensor all = embeddings.matmul(embeddings.transpose(0, 1));
        return all.div(all.mul(all).sum(1).add(TINY).sqrt().unsqueeze(1));
    }
}
