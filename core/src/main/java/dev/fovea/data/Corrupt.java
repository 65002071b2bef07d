package dev.fovea.data;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One of the {@link Corruption}s, done to a share of the images. Who trains on a kind of damage cannot measure by that kind
 * how well the network stands damage it does not know.
 *
 * @param kinds of which each image gets one; empty for all
 * @param severity least and greatest, 1 to 5
 * @param p share of the images, 0 to 1
 */
@JsonTypeName("corrupt")
public record Corrupt(List<Corruption> kinds, List<Integer> severity, double p) implements PixelTransform {

    public Corrupt {
        kinds = List.copyOf(kinds);
        severity = List.copyOf(severity);
        Transform.check(
                "corrupt.severity", severity.stream().map(Integer::doubleValue).toList(), 1, Corruption.SEVERITIES);
        Transform.check("corrupt.p", p, 0, 1);
    }

    /** Every image, by one kind at one severity. */
    public static Corrupt always(Corruption kind, int severity) {
        return new Corrupt(List.of(kind), List.of(severity, severity), 1);
    }

    @Override
    public void apply(byte[] pixels, int at, Size size, int channels, SplittableRandom random) {
        if (random.nextDouble() >= p) {
            return;
        }
        List<Corruption> choice = kinds.isEmpty() ? List.of(Corruption.values()) : kinds;
        Corruption kind = choice.get(random.nextInt(choice.size()));
        int strength = random.nextInt(severity.get(0), severity.get(1) + 1);
        int count = size.height() * size.width() * channels;
        Image image = new Image(size.width(), size.height(), channels, Arrays.copyOfRange(pixels, at, at + count));
        System.arraycopy(kind.apply(image, strength, random).pixels(), 0, pixels, at, count);
    }
}
