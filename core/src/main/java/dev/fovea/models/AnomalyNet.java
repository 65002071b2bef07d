package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Module;
import dev.fovea.nn.Traceable;

/** A network that is fitted to normal images and scores others for anomalies. */
public interface AnomalyNet extends Traceable {

    /**
     * Anomaly scores of images, from 0 for normal.
     *
     * @param imageScore the score of each image, [N]
     * @param anomalyMap the score of each position, [N, h, w]
     */
    record Scores(Tensor imageScore, Tensor anomalyMap) {

        /** The score of an image is that of its most anomalous position. */
        static Scores ofMaps(Tensor places) {
            return new Scores(places.flatten(1, 2).max(1), places);
        }
    }

    /** The network whose feature maps it uses. */
    Module backbone();

    /** Adds normal images [N, C, H, W]; after the last batch comes {@link #finishFit}. */
    void fit(Tensor images);

    /** Ends the fit over all images that were added. */
    void finishFit();

    /** The scores of images [N, C, H, W]. */
    Scores score(Tensor images);

    /** The score of each image: [N]. */
    @Override
    default Tensor trace(Tensor images) {
        return score(images).imageScore();
    }
}
