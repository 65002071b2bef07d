package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Sizes;
import dev.fovea.nn.State;

/**
 * Grey images as one token a pixel, its value in so many levels (Chen et al. 2020, "Generative Pretraining from
 * Pixels", there with a palette of colours).
 */
final class PixelLevels implements Tokenizer {

    private final State state = State.none();
    private final int height;
    private final int width;
    private final int levels;

    /** @param levels 2 to 256 */
    PixelLevels(int channels, int height, int width, int levels) {
        if (channels != 1) {
            throw new IllegalArgumentException(
                    "pixel-transformer: reads grey images, got %s channels. Set input.channels=1".formatted(channels));
        }
        if (levels < 2 || levels > 256) {
            throw new IllegalArgumentException("pixel-transformer: levels must be 2 to 256, got levels=" + levels);
        }
        this.height = height;
        this.width = width;
        this.levels = levels;
    }

    @Override
    public int codes() {
        return levels;
    }

    @Override
    public int length() {
        return Sizes.product(height, width);
    }

    @Override
    public int columns() {
        return width;
    }

    @Override
    public Tensor tokens(Tensor images) {
        return images.flatten(1, -1).mul(levels - 1).round().to(DType.INT64);
    }

    @Override
    public Tensor ofTokens(Tensor tokens) {
        return tokens.to(DType.FLOAT32).mul(1.0 / (levels - 1)).reshape(-1, 1, height, width);
    }

    @Override
    public State state() {
        return state;
    }
}
