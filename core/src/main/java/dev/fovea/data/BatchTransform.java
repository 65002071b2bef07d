package dev.fovea.data;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Makes the images of a training batch of several of them. Drawn from (seed, epoch, batch) alone. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface BatchTransform {

    /** Each type with the values it starts from: the table by which recipes know them. */
    static List<BatchTransform> defaults() {
        return List.of(
                new MixUp(0.2, 1), new CutMix(1, 1), new Mosaic(0.5, List.of(0.5, 1.0), 0.9), new CopyPaste(0.5, 0.9));
    }

    /** The image that one is joined with: the one before it, for the first the last. */
    static int before(int image, int images) {
        return (image + images - 1) % images;
    }

    /**
     * Changes a batch where it lies.
     *
     * @param pixels images one behind the other, as many as targets
     * @param classes of the data
     * @return the new targets
     * @throws DataException if it does not go with such targets
     */
    Targets apply(byte[] pixels, Frames frames, List<Target> targets, int classes, SplittableRandom random);

    /** Whether it has come to its end before that epoch, from 1, of so many. */
    default boolean ended(int epoch, int epochs) {
        return false;
    }

    /** Mixes each image with the one before it in the batch, and their targets in the same shares. */
    sealed interface Mix extends BatchTransform {

        /** Share of batches that are mixed, 0 to 1. */
        double p();

        /**
         * Mixes a batch where it lies.
         *
         * @param images how many, one behind the other, at least 2
         * @return the share of its own that each keeps, 0 to 1; the rest is of the one before it, of the last for the first
         */
        double apply(byte[] pixels, int images, Frames frames, SplittableRandom random);

        @Override
        default Targets apply(
                byte[] pixels, Frames frames, List<Target> targets, int classes, SplittableRandom random) {
            boolean mixes = targets.size() > 1 && random.nextDouble() < p();
            double own = mixes ? apply(pixels, targets.size(), frames, random) : 1;
            if (targets.get(0) instanceof Target.Objects) {
                return Targets.of(mixes ? together(targets) : targets);
            }
            Targets all = Targets.of(targets);
            if (all instanceof Targets.Labels labels) {
                return Targets.mixed(labels.classes(), classes, own);
            }
            if (all instanceof Targets.MultiLabels labels) {
                return labels.mixed(own);
            }
            throw new DataException("images are mixed by mixup and cutmix, which needs classes of each");
        }

        /**
         * Of mixed images with objects the objects of both, each as much as any other.
         *
         * @throws DataException if objects cannot be mixed so
         */
        List<Target> together(List<Target> targets);
    }

    /**
     * The shape of one image of a batch.
     *
     * @param count frames one below the other; 1 for images
     */
    record Frames(int count, int height, int width, int channels) {

        int bytes() {
            return count * height * width * channels;
        }
    }

    /**
     * Weighted means of two images. Zhang et al. 2017, <a href="https://arxiv.org/abs/1710.09412">mixup: beyond empirical
     * risk minimization</a>. As in torchvision one weight is drawn for a whole batch. Of images with objects all are learned,
     * for which both should be seen: an {@code alpha} of 1.5 (Zhang et al. 2019, <a
     * href="https://arxiv.org/abs/1902.04103">1902.04103</a>).
     *
     * @param alpha of the Beta distribution of the weight, above 0; 1 is even
     * @param p share of batches
     */
    @JsonTypeName("mixup")
    record MixUp(double alpha, double p) implements Mix {

        public MixUp {
            Transform.check("mixup.alpha", alpha, 0.01, 100);
            Transform.check("mixup.p", p, 0, 1);
        }

        @Override
        public double apply(byte[] pixels, int images, Frames frames, SplittableRandom random) {
            double own = Distributions.beta(alpha, random);
            int keep = (int) Math.round(own * (1 << 16));
            int size = frames.bytes();
            byte[] last = java.util.Arrays.copyOfRange(pixels, (images - 1) * size, images * size);
            for (int i = images - 1; i >= 0; i--) {
                byte[] before = i == 0 ? last : pixels;
                int from = i == 0 ? 0 : (i - 1) * size;
                for (int j = 0; j < size; j++) {
                    int at = i * size + j;
                    int other = before[from + j] & 0xFF;
                    int mixed = (other << 16) + ((pixels[at] & 0xFF) - other) * keep + (1 << 15);
                    pixels[at] = (byte) (mixed >> 16);
                }
            }
            return keep / (double) (1 << 16);
        }

        /** @throws DataException where one of the images would mostly be too faint for its objects to be seen */
        @Override
        public List<Target> together(List<Target> targets) {
            if (alpha < 1) {
                throw new DataException(
                        "mixup: alpha must be at least 1 for images with objects, as 1.5, so that those of both are seen, got alpha="
                                + alpha);
            }
            return IntStream.range(0, targets.size())
                    .mapToObj(i -> (Target) Target.Objects.joined(List.of(
                            (Target.Objects) targets.get(i), (Target.Objects) targets.get(before(i, targets.size())))))
                    .toList();
        }
    }

    /**
     * A rectangle of one image pasted into the other. Yun et al. 2019, <a href="https://arxiv.org/abs/1905.04899">CutMix</a>.
     * As in torchvision one rectangle is drawn for a whole batch; the share is that of the area that was pasted.
     *
     * @param alpha of the Beta distribution of the area that is left, above 0; 1 is even
     * @param p share of batches
     */
    @JsonTypeName("cutmix")
    record CutMix(double alpha, double p) implements Mix {

        public CutMix {
            Transform.check("cutmix.alpha", alpha, 0.01, 100);
            Transform.check("cutmix.p", p, 0, 1);
        }

        @Override
        public double apply(byte[] pixels, int images, Frames frames, SplittableRandom random) {
            double side = Math.sqrt(1 - Distributions.beta(alpha, random)) / 2;
            int x = random.nextInt(frames.width());
            int y = random.nextInt(frames.height());
            int left = (int) Math.max(0, x - side * frames.width());
            int right = (int) Math.min(frames.width(), x + side * frames.width());
            int top = (int) Math.max(0, y - side * frames.height());
            int bottom = (int) Math.min(frames.height(), y + side * frames.height());
            int size = frames.bytes();
            int run = (right - left) * frames.channels();
            byte[] last = java.util.Arrays.copyOfRange(pixels, (images - 1) * size, images * size);
            for (int i = images - 1; i >= 0; i--) {
                for (int f = 0; f < frames.count(); f++) {
                    for (int row = top; row < bottom; row++) {
                        int at = ((f * frames.height() + row) * frames.width() + left) * frames.channels();
                        System.arraycopy(
                                i == 0 ? last : pixels, i == 0 ? at : (i - 1) * size + at, pixels, i * size + at, run);
                    }
                }
            }
            double area = (double) frames.height() * frames.width();
            return 1 - (right - left) * (double) (bottom - top) / area;
        }

        @Override
        public List<Target> together(List<Target> targets) {
            throw new DataException("cutmix: cuts through objects; mosaic and mixup are for them");
        }
    }

    /**
     * Four images of the batch around a point, each shrunk and cut to its corner, with their objects (Bochkovskiy et al. 2020,
     * <a href="https://arxiv.org/abs/2004.10934">2004.10934</a>, section 3.3): more objects, smaller ones, and other
     * surroundings.
     *
     * @param p share of images, 0 to 1
     * @param zoom factor of the sides, from and to, 0.1 to 2
     * @param until share of the epochs after which images stay whole, 0 to 1
     */
    @JsonTypeName("mosaic")
    record Mosaic(double p, List<Double> zoom, double until) implements BatchTransform {

        public Mosaic {
            Transform.check("mosaic.p", p, 0, 1);
            zoom = List.copyOf(zoom);
            Transform.check("mosaic.zoom", zoom, 0.1, 2);
            Transform.check("mosaic.until", until, 0, 1);
        }

        @Override
        public boolean ended(int epoch, int epochs) {
            return epoch > until * epochs;
        }

        @Override
        public Targets apply(byte[] pixels, Frames frames, List<Target> targets, int classes, SplittableRandom random) {
            return Targets.of(new Tiles(frames, pixels.clone(), targets).mosaics(this, pixels, random));
        }
    }

    /**
     * Objects of the image before it cut out along their masks and pasted into an image, where they are: half of them, each drawn
     * for itself (Ghiasi et al. 2020, <a href="https://arxiv.org/abs/2012.07177">2012.07177</a>). What they cover is no longer
     * seen.
     *
     * @param p share of images, 0 to 1
     * @param until share of the epochs after which images stay as they are, 0 to 1
     */
    @JsonTypeName("copy-paste")
    record CopyPaste(double p, double until) implements BatchTransform {

        public CopyPaste {
            Transform.check("copy-paste.p", p, 0, 1);
            Transform.check("copy-paste.until", until, 0, 1);
        }

        @Override
        public boolean ended(int epoch, int epochs) {
            return epoch > until * epochs;
        }

        @Override
        public Targets apply(byte[] pixels, Frames frames, List<Target> targets, int classes, SplittableRandom random) {
            return Targets.of(new CutOuts(frames, pixels.clone(), targets).pasted(p, pixels, random));
        }
    }
}
