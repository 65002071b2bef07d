package dev.fovea.task.generate;

/** What a diffusion network predicts from a noisy image. */
public enum DiffusionTarget {
    /**
     * The velocity of the straight path from noise to image: rectified flow (Liu et al. 2022; Lipman et al. 2022).
     */
    VELOCITY,
    /** The noise in it: DDPM with the cosine schedule (Ho et al. 2020; Nichol and Dhariwal 2021). */
    NOISE
}
