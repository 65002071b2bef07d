package dev.fovea.run;

import dev.fovea.image.Image;
import dev.fovea.metrics.Similarity;
import java.util.Locale;

/** How an image and its reconstruction by an autoencoder are compared, to find what is anomalous. */
public enum ReconstructionScore {
    /** Mean squared difference. */
    L2 {
        @Override
        public AnomalyScorer scorer(SavedNet network) {
            return new AnomalyScorer.SquaredError(network);
        }
    },
    /** One minus structural similarity: less sensitive to brightness, more to structure. */
    SSIM {
        @Override
        public AnomalyScorer scorer(SavedNet network) {
            return new AnomalyScorer.StructuralSimilarity(network);
        }
    };

    /** Scores images by what {@code network} makes of them. */
    public abstract AnomalyScorer scorer(SavedNet network);

    /** Its word, by which a package has its threshold. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether images of this size have such a score. */
    public boolean fits(Image seen) {
        return this == L2 || Math.min(seen.width(), seen.height()) >= Similarity.WINDOW;
    }
}
