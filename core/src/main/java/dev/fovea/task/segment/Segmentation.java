package dev.fovea.task.segment;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.data.Dataset;
import dev.fovea.data.PixelCounts;
import dev.fovea.data.TargetKind;
import dev.fovea.nn.Loss;
import dev.fovea.train.Task;
import java.util.List;

/**
 * The class of every pixel.
 *
 * @param classWeights what classes count for in cross-entropy
 * @param presenceWeight what the loss counts for of a head that says which classes are anywhere in an image, where the network has one; 0 or
 *     more
 * @param tta views of an image that answers are the mean of
 * @param tile the longer side in pixels of windows that images are looked at in, overlapping by half; 0 for images as a whole
 */
@JsonTypeName(Segmentation.WORD)
public record Segmentation(ClassWeights classWeights, double presenceWeight, Views tta, int tile) implements Task {

    static final String WORD = "segmentation";

    private static final int LEAST_TILE = 32;

    /** All classes alike, one look at an image. */
    static final Segmentation USUAL = new Segmentation(ClassWeights.NONE, 0.1, Views.NONE, 0);

    /** What classes count for. */
    public enum ClassWeights {
        /** All alike. */
        NONE {
            @Override
            List<Double> of(Dataset train) {
                return List.of();
            }
        },
        /** The median of the classes' frequencies by its own. */
        MEDIAN {
            @Override
            List<Double> of(Dataset train) {
                return PixelCounts.of(train).medianFrequencyWeights();
            }
        },
        /** By the effective number of images' worth of pixels. */
        EFFECTIVE {
            @Override
            List<Double> of(Dataset train) {
                return PixelCounts.of(train).effectiveNumberWeights(BETA, train.size());
            }
        };

        private static final double BETA = 0.999;

        /** One for each class, or none. */
        abstract List<Double> of(Dataset train);
    }

    /** Views of an image whose answers are averaged: test-time augmentation. */
    public enum Views {
        /** The image alone. */
        NONE(List.of(1.0), false),
        /** The image and its mirror image. */
        FLIP(List.of(1.0), true),
        /** Both in three sizes. */
        SCALES(List.of(0.75, 1.0, 1.25), true);

        final List<Double> sizes;
        final boolean mirrored;

        Views(List<Double> sizes, boolean mirrored) {
            this.sizes = sizes;
            this.mirrored = mirrored;
        }
    }

    public Segmentation {
        Task.check(
                presenceWeight >= 0,
                "task.presenceWeight must be 0 or more, got task.presenceWeight=%s",
                presenceWeight);
        Task.check(
                tile == 0 || tile >= LEAST_TILE,
                "task.tile must be 0 (whole images) or at least 32 pixels, got task.tile=%s",
                tile);
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public TargetKind targetKind() {
        return TargetKind.PIXELS;
    }

    /** Losses of pixels, one by one or together. */
    @Override
    public List<String> losses() {
        return Loss.defaults().stream().filter(Loss::ofClasses).map(Loss::word).toList();
    }
}
