package dev.fovea;

import dev.fovea.data.Dataset;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Stripes of six directions in random colours and places, with noise: images of 16 pixels that a small network learns in seconds.
 *
 * @param seed of all images
 */
public record Stripes(long seed, int size) implements Dataset {

    private static final int SIDE = 16;
    private static final int DIRECTIONS = 6;

    @Override
    public List<String> classes() {
        return List.of("0", "30", "60", "90", "120", "150");
    }

    @Override
    public Target target(int index) {
        return new Target.Label(index % DIRECTIONS);
    }

    @Override
    public String name(int index) {
        return "stripes-" + seed + "-" + index;
    }

    @Override
    public Image image(int index) {
        var random = new SplittableRandom(seed * 1_000_003 + index);
        double angle = Math.PI * (index % DIRECTIONS) / DIRECTIONS;
        double phase = 2 * Math.PI * random.nextDouble();
        double[] colour = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
        byte[] pixels = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < pixels.length; i++) {
            int x = i / 3 % SIDE;
            int y = i / 3 / SIDE;
            double wave = Math.sin(1.3 * (x * Math.cos(angle) + y * Math.sin(angle)) + phase);
            double value = 127 + 60 * wave * (0.4 + colour[i % 3]) + 40 * (random.nextDouble() - 0.5);
            pixels[i] = (byte) (int) Math.max(0, Math.min(255, value));
        }
        return new Image(SIDE, SIDE, 3, pixels);
    }
}
