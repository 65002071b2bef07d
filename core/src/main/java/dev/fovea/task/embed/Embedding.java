package dev.fovea.task.embed;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.data.BatchTransform;
import dev.fovea.train.Task;
import java.util.Locale;

/**
 * Embeddings of images whose identities are known in training: people, products, anything that has no fixed classes. Images of
 * one identity are embedded close to each other, also of identities that training never saw.
 *
 * @param loss what is learned from
 * @param margin by which an image must be closer to its own identity than to others: an angle in radians of arcface, a cosine of
 *     cosface, a distance of triplet
 * @param scale of the cosines in a softmax, above 0; not of triplet
 * @param dimensions of an embedding
 * @param imagesPerIdentity images of an identity that follow each other in a batch; 1 for images in any order, which triplet does
 *     not take
 * @param heldOut what is split off for validation where the data has no such part
 */
@JsonTypeName(Embedding.WORD)
public record Embedding(Loss loss, double margin, double scale, int dimensions, int imagesPerIdentity, HeldOut heldOut)
        implements Task {

    static final String WORD = "embedding";

    private static final int MOST = 8192;

    /** What is learned from. */
    public enum Loss {
        /**
         * A softmax over the identities of the training, by the angles between embedding and centre, that to the own centre made
         * larger by the margin (Deng et al. 2019, ArcFace, <a href="https://arxiv.org/abs/1801.07698">1801.07698</a>).
         */
        ARCFACE,
        /** The same with the margin taken off the cosine (Wang et al. 2018, CosFace, <a href="https://arxiv.org/abs/1801.09414">1801.09414</a>). */
        COSFACE,
        /**
         * For each image of a batch the farthest of its identity and the nearest of another, whose distances must differ by the
         * margin (Hermans et al. 2017, batch hard, <a href="https://arxiv.org/abs/1703.07737">1703.07737</a>).
         */
        TRIPLET;

        /** Whether it has a centre for each identity. */
        boolean hasCentres() {
            return this != TRIPLET;
        }
    }

    /** What is split off for validation. */
    public enum HeldOut {
        /** Identities with all their images, so that what is measured is of people whom training never saw. */
        IDENTITIES,
        /** Some images of every identity, whose training images are the gallery that they are identified in. */
        IMAGES
    }

    /** What a recipe starts from. */
    public static final Embedding USUAL = of(Loss.ARCFACE);

    public Embedding {
        Task.check(
                dimensions >= 2 && dimensions <= MOST,
                "task.dimensions must be 2 to %s, got task.dimensions=%s",
                MOST,
                dimensions);
        Task.check(scale > 0, "task.scale must be above 0, got task.scale=%s", scale);
        double most = loss == Loss.ARCFACE ? Math.PI / 2 : loss == Loss.COSFACE ? 1 : 2;
        Task.check(
                margin >= 0 && margin <= most,
                "task.margin must be 0 to %.2f for task.loss=%s, got task.margin=%s",
                most,
                loss.name().toLowerCase(Locale.ROOT),
                margin);
        Task.check(
                imagesPerIdentity >= 1 && imagesPerIdentity <= 64,
                "task.imagesPerIdentity must be 1 to 64, got task.imagesPerIdentity=%s",
                imagesPerIdentity);
        Task.check(
                imagesPerIdentity > 1 || loss != Loss.TRIPLET,
                "task.loss=triplet compares images of one identity in a batch, so task.imagesPerIdentity must be 2 or more, got task.imagesPerIdentity=%s",
                imagesPerIdentity);
    }

    /** What a recipe with this loss starts from. */
    public static Embedding of(Loss loss) {
        return switch (loss) {
            case ARCFACE -> new Embedding(loss, 0.5, 30, 128, 1, HeldOut.IDENTITIES);
            case COSFACE -> new Embedding(loss, 0.35, 30, 128, 1, HeldOut.IDENTITIES);
            case TRIPLET -> new Embedding(loss, 0.2, 30, 128, 4, HeldOut.IDENTITIES);
        };
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public boolean labelled() {
        return true;
    }

    /** People whom training never saw. */
    @Override
    public boolean newClasses() {
        return true;
    }

    /** A mixed image is of nobody. */
    @Override
    public boolean takes(BatchTransform transform) {
        return false;
    }

    /** How often an identity is seen decides little about others. */
    @Override
    public boolean balances() {
        return true;
    }

    @Override
    public int imagesPerClass() {
        return imagesPerIdentity;
    }
}
