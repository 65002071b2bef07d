package dev.fovea.models;

import dev.fovea.data.Dataset;
import dev.fovea.data.Preprocess;

/** A network with a layer that is computed from the training images before anything is learned. */
public interface FittedToData {

    /** Computes it from images evenly chosen, prepared as the network is shown them. */
    void fit(Dataset data, Preprocess preprocess);
}
