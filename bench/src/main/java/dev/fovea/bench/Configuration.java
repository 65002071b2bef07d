package dev.fovea.bench;

import java.util.List;

/**
 * What all contenders train: a model on synthetic images with 10 classes.
 *
 * @param model {@code cifar-cnn} on 3×32×32, {@code resnet18-32}, torchvision's ResNet-18, on the same, {@code row-lstm},
 *     an LSTM of 128 units, on 28 rows of 28 values, or one of torchvision's on 3×224×224;
 *     its detectors on 3×300×300 and 3×512×512 with 8 boxes on each image
 * @param steps measured in each round
 */
record Configuration(String model, int batch, int steps) {

    /** Networks for large images, of which two steps already take seconds. */
    static final List<String> LARGE = List.of("vgg16", "resnet50", "vit_b_16", "efficientnet_b0", "mobilenet_v3_large");

    /** Those that find objects, of which a step takes seconds, too. */
    static final List<String> DETECTORS = List.of("ssd300_vgg16", "fasterrcnn_resnet50_fpn");

    /** The table of the documentation. */
    static final List<Configuration> ALL = List.of(
            new Configuration("cifar-cnn", 64, 300),
            new Configuration("cifar-cnn", 256, 80),
            new Configuration("resnet18-32", 64, 60),
            new Configuration("row-lstm", 128, 200),
            new Configuration("vgg16", 16, 2),
            new Configuration("resnet50", 16, 3),
            new Configuration("vit_b_16", 16, 2),
            new Configuration("efficientnet_b0", 16, 4),
            new Configuration("mobilenet_v3_large", 16, 6),
            new Configuration("ssd300_vgg16", 4, 3),
            new Configuration("fasterrcnn_resnet50_fpn", 2, 3));

    /** As {@code --config} says it: {@code cifar-cnn:64}. */
    String name() {
        return model + ":" + batch;
    }

    /** One image as {@code fovea bench} takes it. */
    String input() {
        if (LARGE.contains(model)) {
            return "3x224x224";
        }
        if (DETECTORS.contains(model)) {
            return model.equals("ssd300_vgg16") ? "3x300x300" : "3x512x512";
        }
        return model.equals("row-lstm") ? "1x28x28" : "3x32x32";
    }

    /** Not measured; a tenth of the steps and at least 5, as {@code fovea bench} does, or 2 that take seconds each. */
    int warmup(int measured) {
        return LARGE.contains(model) || DETECTORS.contains(model) ? 2 : Math.max(5, measured / 10);
    }
}
