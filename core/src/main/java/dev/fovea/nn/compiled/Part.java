package dev.fovea.nn.compiled;

import dev.fovea.engine.Program;
import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a compiled network runs at once. */
sealed interface Part {

    /** Numbers of the tensors that it reads and that are no weights; -1 for one that is not given. */
    List<Integer> inputs();

    /** The number of the tensor that it makes. */
    int output();

    /** A step as it was recorded. */
    record Plain(Step step) implements Part {
        @Override
        public List<Integer> inputs() {
            return step.inputs();
        }

        @Override
        public int output() {
            return step.output();
        }
    }

    /** What oneDNN does to the results of a product while they are at hand. */
    record Activation(String word, Program.Numbers numbers, String algorithm) {

        static Activation of(String word, Double... numbers) {
            return new Activation(word, new Program.Numbers(List.of(numbers)), null);
        }
    }

    /**
     * A convolution or dense layer, and what follows it: {@code activation(weight * x + bias + added)}.
     *
     * @param step of the product alone
     * @param output of all of it
     */
    record Product(
            Step step,
            Tensor weight,
            Optional<Tensor> bias,
            OptionalInt added,
            Optional<Activation> activation,
            int output)
            implements Part {

        @Override
        public List<Integer> inputs() {
            return added.isPresent() ? List.of(step.input(0), added.getAsInt()) : List.of(step.input(0));
        }

        Product with(Tensor newWeight, Tensor newBias, int newOutput) {
            return new Product(step, newWeight, Optional.of(newBias), added, activation, newOutput);
        }

        Product then(Activation next, int newOutput) {
            return new Product(step, weight, bias, added, Optional.of(next), newOutput);
        }

        Product plus(int other, int newOutput) {
            return new Product(step, weight, bias, OptionalInt.of(other), activation, newOutput);
        }
    }
}
