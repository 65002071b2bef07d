package dev.fovea.task.embed;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;

/**
 * Learning from images alone: two random views of an image are to be embedded alike, those of different images not. What comes
 * of it is a network to start others from; its head, which only serves this, is replaced then.
 *
 * @param method what is compared
 * @param dimensions of the embeddings that are compared, the outputs of the head
 * @param temperature of the contrastive loss, above 0: the lower, the more the most similar of the other images count
 */
@JsonTypeName(SelfSupervised.WORD)
public record SelfSupervised(Method method, int dimensions, double temperature) implements Task {

    static final String WORD = "self-supervised";

    private static final int MOST = 8192;

    /** What is compared. */
    public enum Method {
        /**
         * Each view with all others of the batch: it is to be most similar to the other view of its image (Chen et al. 2020,
         * SimCLR, <a href="https://arxiv.org/abs/2002.05709">2002.05709</a>).
         */
        CONTRASTIVE,
        /**
         * The dimensions of the embeddings over the batch: each is to be the same for both views, and no two alike (Zbontar et
         * al. 2021, Barlow Twins, <a href="https://arxiv.org/abs/2103.03230">2103.03230</a>).
         */
        REDUNDANCY
    }

    /** What a recipe starts from. */
    public static final SelfSupervised USUAL = new SelfSupervised(Method.CONTRASTIVE, 128, 0.2);

    public SelfSupervised {
        Task.check(
                dimensions >= 2 && dimensions <= MOST,
                "task.dimensions must be 2 to %s, got task.dimensions=%s",
                MOST,
                dimensions);
        Task.check(temperature > 0, "task.temperature must be above 0, got task.temperature=%s", temperature);
    }

    @Override
    public String word() {
        return WORD;
    }
}
