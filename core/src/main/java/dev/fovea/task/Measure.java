package dev.fovea.task;

import dev.fovea.data.Preprocess;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.metrics.Similarity;
import dev.fovea.models.Oddness;
import java.util.Arrays;
import java.util.List;

/** How odd pictures are to a network that knows sound ones. */
interface Measure {

    /** What the network wants to be shown. */
    Preprocess preprocess();

    /** How odd a picture of the network's size is. */
    Found look(Image seen);

    /** The picture in the network's size. */
    default Image seen(Image image) {
        return preprocess().apply(image);
    }

    /**
     * What was found in a picture; 0 is not odd at all.
     *
     * @param whole how odd it is
     * @param places how odd its places are, [rows][columns]
     */
    record Found(double whole, float[][] places) {

        static Found of(double whole, float[] places, int width) {
            float[][] rows = new float[places.length / width][];
            for (int y = 0; y < rows.length; y++) {
                rows[y] = Arrays.copyOfRange(places, y * width, (y + 1) * width);
            }
            return new Found(whole, rows);
        }
    }

    /** Mean squared difference between a picture and what an autoencoder leaves of it. */
    record Squared(Network network) implements Measure {
        @Override
        public Preprocess preprocess() {
            return network.preprocess();
        }

        @Override
        public Found look(Image seen) {
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                Tensor input = network.input(List.of(seen));
                Tensor off = network.net().forward(input).clamp(0, 1).sub(input);
                Tensor places = off.mul(off).mean(1); // (1, H, W)
                return Found.of(places.mean().item(), places.contiguous().toFloats(), seen.width());
            }
        }
    }

    /** One minus structural similarity of both, where it is at home in an 11x11 window around each pixel. */
    record Structural(Network network) implements Measure {
        @Override
        public Preprocess preprocess() {
            return network.preprocess();
        }

        @Override
        public Found look(Image seen) {
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                Tensor input = network.input(List.of(seen));
                Tensor made = network.net().forward(input).clamp(0, 1);
                Tensor inner = Similarity.places(input, made).neg().add(1).relu(); // (1, H - 10, W - 10)
                double whole = 1 - Similarity.ssim(input, made).item();
                return new Found(Math.max(0, whole), framed(inner, seen));
            }
        }

        /** Pixels whose window does not fit into the picture are as odd as the nearest whose does. */
        private static float[][] framed(Tensor inner, Image seen) {
            int rows = (int) inner.size(1);
            int columns = (int) inner.size(2);
            float[] flat = inner.contiguous().toFloats();
            float[][] places = new float[seen.height()][seen.width()];
            for (int y = 0; y < seen.height(); y++) {
                int row = Math.max(0, Math.min(rows - 1, y - (seen.height() - rows) / 2));
                for (int x = 0; x < seen.width(); x++) {
                    int column = Math.max(0, Math.min(columns - 1, x - (seen.width() - columns) / 2));
                    places[y][x] = flat[row * columns + column];
                }
            }
            return places;
        }
    }

    /** What a classifier sees that it did not see in sound pictures. */
    record Remembered(Network network) implements Measure {
        @Override
        public Preprocess preprocess() {
            return network.preprocess();
        }

        @Override
        public Found look(Image seen) {
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                Oddness.Found found = ((Oddness) network.net()).look(network.normalized(seen));
                Tensor places = found.places();
                return Found.of(found.whole().item(), places.contiguous().toFloats(), (int) places.size(2));
            }
        }
    }
}
