package dev.fovea.run;

import dev.fovea.engine.Tensor;
import java.util.function.UnaryOperator;

/**
 * What a model answers as a tensor, for where its network runs without the rest of the library.
 *
 * @param name of the answer, such as {@code probabilities}
 * @param of makes it of what the network gives for a batch
 */
public record TensorAnswer(String name, UnaryOperator<Tensor> of) {}
