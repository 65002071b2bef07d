package dev.fovea.task.classify;

import dev.fovea.engine.Autocast;
import dev.fovea.engine.Tensor;

/** How far a student's answers [N, K] are from a teacher's, by the method of a recipe; 0 where they are the same. */
record DistillationLoss(Distillation settings) {

    private static final double TINY = 1e-8;

    /** A scalar. */
    Tensor of(Tensor student, Tensor teacher) {
        double temperature = settings.temperature();
        Tensor s = student.div(temperature);
        Tensor t = teacher.div(temperature);
        Tensor loss = switch (settings.method()) {
            case SOFT -> divergence(s, t);
            case CORRELATION -> correlation(s.softmax(1), t.softmax(1));
        };
        return loss.mul(temperature * temperature); // as the gradient of a softened answer is smaller by that
    }

    /** Kullback-Leibler, the mean over the images. */
    private static Tensor divergence(Tensor student, Tensor teacher) {
        Tensor wanted = teacher.logSoftmax(1);
        return wanted.exp().mul(wanted.sub(student.logSoftmax(1))).sum(1).mean();
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
