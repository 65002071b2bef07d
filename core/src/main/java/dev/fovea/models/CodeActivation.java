package dev.fovea.models;

import dev.fovea.engine.Tensor;

/** The activation of the last layer of an encoder. */
enum CodeActivation {
    /** None: codes of any value. */
    LINEAR("") {
        @Override
        Tensor of(Tensor sums) {
            return sums;
        }
    },
    /** From 0 on. */
    RELU(", relu") {
        @Override
        Tensor of(Tensor sums) {
            return sums.relu();
        }
    },
    /** From 0 to 1, as codes with a target activation have to be. */
    SIGMOID(", sigmoid") {
        @Override
        Tensor of(Tensor sums) {
            return sums.sigmoid();
        }
    };

    /** As layers in text, to be put behind the dense layer. */
    final String text;

    CodeActivation(String text) {
        this.text = text;
    }

    abstract Tensor of(Tensor sums);
}
