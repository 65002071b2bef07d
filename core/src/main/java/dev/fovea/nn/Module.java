package dev.fovea.nn;

/**
 * What owns named weights: all that training, checkpoints, averages of weights and packages need to know of a network.
 *
 * <p>A module that is a function of one tensor is a {@link Layer}. Others, as a generator with its discriminator or a
 * diffusion network, have interfaces of their own; those that take part in summaries and graphs are {@link Traceable}.
 */
public interface Module {

    /** Named parameters and buffers, and whether the module trains or evaluates. */
    State state();
}
