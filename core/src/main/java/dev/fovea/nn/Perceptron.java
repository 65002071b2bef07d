package dev.fovea.nn;

import dev.fovea.engine.Tensor;

/** Two dense layers with a GELU between them: {@code [..., D]} to the same shape. */
public final class Perceptron extends Net implements Layer {

    private final Dense in;
    private final Dense out;
    private final Dropout dropout;

    /**
     * @param first name of the first layer's weights
     * @param second name of the second's
     * @param dropped share that is dropped behind each, while training
     */
    public Perceptron(int width, int hidden, String first, String second, double dropped) {
        in = add(first, new Dense(width, hidden, true));
        out = add(second, new Dense(hidden, width, true));
        dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, dropped));
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor y = dropout.forward(in.forward(x).gelu()); // (..., hidden)
        return dropout.forward(out.forward(y)); // (..., D)
    }
}
