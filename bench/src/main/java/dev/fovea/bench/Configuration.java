package dev.fovea.bench;

import java.util.List;

/**
 * What all contenders train: a model on synthetic images with 10 classes.
 *
 * @param model {@code cifar-cnn} on 3×32×32, {@code resnet18-32}, torchvision's ResNet-18, on the same, or {@code row-lstm},
 *     an LSTM of 128 units, on 28 rows of 28 values
 * @param steps measured in each round
 */
record Configuration(String model, int batch, int steps) {

    /** The table of the documentation. */
    static final List<Configuration> ALL = List.of(
            new Configuration("cifar-cnn", 64, 300),
            new Configuration("cifar-cnn", 256, 80),
            new Configuration("resnet18-32", 64, 60),
            new Configuration("row-lstm", 128, 200));

    /** As {@code --config} says it: {@code cifar-cnn:64}. */
    String name() {
        return model + ":" + batch;
    }

    /** Not measured; a tenth of the steps and at least 5, as {@code fovea bench} does. */
    static int warmup(int steps) {
        return Math.max(5, steps / 10);
    }
}
