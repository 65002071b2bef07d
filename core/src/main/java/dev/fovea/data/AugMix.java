package dev.fovea.data;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.image.Fill;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A weighted mean of the image and of several copies, each changed by a short chain of operations. Hendrycks et al. 2019,
 * <a href="https://arxiv.org/abs/1912.02781">AugMix</a>; torchvision's. The paper's consistency loss is not part of it.
 *
 * @param severity strength, 1 to 10
 * @param width chains that are mixed, 1 to 10
 * @param depth operations of each chain, 1 to 10; 0 for one to three, drawn for each
 * @param alpha of the distributions of all weights, above 0; 1 is even
 * @param moves whether chains also turn, shear and shift their copy: boxes, masks and labels of pixels then no longer fit
 *     all of what is seen, so data that has them needs {@code false}
 */
@JsonTypeName("augmix")
public record AugMix(int severity, int width, int depth, double alpha, boolean moves) implements PixelTransform {

    private static final int STEPS = 10;
    private static final int USUAL_DEPTH = 3;
    private static final List<Operation> ALL =
            List.copyOf(EnumSet.complementOf(EnumSet.of(Operation.IDENTITY, Operation.INVERT)));
    private static final List<Operation> STILL =
            ALL.stream().filter(operation -> !operation.moves()).toList();

    public AugMix {
        Transform.check("augmix.severity", severity, 1, STEPS);
        Transform.check("augmix.width", width, 1, 10);
        Transform.check("augmix.depth", depth, 0, 10);
        Transform.check("augmix.alpha", alpha, 0.01, 100);
    }

    @Override
    public boolean displaces() {
        return moves;
    }

    @Override
    public void apply(byte[] pixels, int at, Size size, int channels, SplittableRandom random) {
        int count = size.height() * size.width() * channels;
        byte[] original = Arrays.copyOfRange(pixels, at, at + count);
        float mixed = (float) Distributions.beta(alpha, random);
        double[] shares = Distributions.dirichlet(alpha, width, random);
        float[] sum = new float[count];
        add(original, 1 - mixed, sum);
        for (double share : shares) {
            add(chain(original, size, channels, random), (float) share * mixed, sum);
        }
        for (int i = 0; i < count; i++) {
            pixels[at + i] = (byte) (int) (sum[i] + 1e-3f); // cut off as torchvision does, rounding of the sum apart
        }
    }

    private byte[] chain(byte[] original, Size size, int channels, SplittableRandom random) {
        Image copy = new Image(size.width(), size.height(), channels, original);
        int length = depth > 0 ? depth : 1 + random.nextInt(USUAL_DEPTH);
        List<Operation> choice = moves ? ALL : STILL;
        for (int i = 0; i < length; i++) {
            Operation operation = choice.get(random.nextInt(choice.size()));
            double strength = MagnitudeRange.MIX.at(operation, random.nextInt(severity), STEPS, size);
            double magnitude = MagnitudeRange.eitherWay(operation, strength, random);
            copy = operation.apply(copy, magnitude, Fill.CONSTANT, 0);
        }
        return copy.pixels();
    }

    private static void add(byte[] values, float weight, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * (values[i] & 0xFF);
        }
    }
}
