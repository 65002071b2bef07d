package dev.fovea.task.generate;

import dev.fovea.data.Preprocess;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.DiffusionNet;
import dev.fovea.models.Sampler;
import dev.fovea.train.ImageTensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Images generated from another one by a diffusion network.
 *
 * @param label the requested class, or -1 for none
 * @param watch is told of the steps
 */
record Editing(Generator generator, Generator.Request request, int label, Generator.Steps watch) {

    /** Generates the masked part, all else stays as it is. */
    List<Image> inpainted(Image image, Image mask) {
        if (mask.width() != image.width() || mask.height() != image.height()) {
            throw new IllegalArgumentException("inpaint: the mask has %sx%s pixels, the image %sx%s"
                    .formatted(mask.width(), mask.height(), image.width(), image.height()));
        }
        return generator.inTurn(request, (from, count) -> {
            Tensor known = known(image);
            Tensor hidden = hidden(mask).to(known.type());
            Tensor kept = known.mul(hidden.neg().add(1));
            return made(generator.noise(count), 0, x -> x.mul(hidden).add(kept));
        });
    }

    /** Variations of the image by {@code strength}. */
    List<Image> varied(Image image, double strength) {
        if (!(strength > 0 && strength <= 1)) {
            throw new IllegalArgumentException("vary: strength must be above 0 to 1, got " + strength);
        }
        double from = 1 - strength;
        Sampler.Path path = generator.sampler(request).path();
        return generator.inTurn(request, (before, count) -> {
            Tensor mixed = known(image)
                    .mul(path.signal(from))
                    .add(generator.noise(count).mul(path.noise(from)));
            return made(mixed, from, x -> x);
        });
    }

    /** The image as the network takes it, values -1 to 1. */
    private Tensor known(Image image) {
        return generator.network().input(List.of(image)).mul(2).sub(1);
    }

    /** 1 where anything of a pixel is hidden; cut and scaled as the image is. */
    private Tensor hidden(Image mask) {
        Image grey = mask.toGray();
        byte[] sharp = new byte[grey.pixels().length];
        for (int i = 0; i < sharp.length; i++) {
            sharp[i] = (byte) ((grey.pixels()[i] & 0xFF) >= 128 ? 255 : 0);
        }
        Preprocess shown = generator.config().preprocess();
        Preprocess one = Preprocess.of(shown.height(), shown.width(), 1).withResize(shown.resize());
        byte[] white = new byte[sharp.length];
        Arrays.fill(white, (byte) 255);
        Tensor touched = scaled(one, mask, sharp).ge(1.0 / 255);
        Tensor inside = scaled(one, mask, white).ge(0.99); // not the frame that a fitted image has
        return touched.to(DType.FLOAT32)
                .mul(inside.to(DType.FLOAT32))
                .to(generator.network().device());
    }

    private static Tensor scaled(Preprocess shown, Image like, byte[] grey) {
        return ImageTensors.of(List.of(shown.apply(new Image(like.width(), like.height(), 1, grey))));
    }

    private Tensor made(Tensor start, double from, UnaryOperator<Tensor> hold) {
        var net = (DiffusionNet) generator.network().net();
        boolean conditional = generator.classConditional();
        long asked = label >= 0 ? label : conditional ? net.unknown() : 0;
        Tensor labels = Tensor.full(asked, start.size(0)).to(DType.INT64).to(start.device());
        Sampler.Steps told = (done, image) -> watch.step(
                done, request.steps(), () -> ImageTensors.of(image.add(1).mul(0.5)));
        return generator
                .sampler(request)
                .sample(net, start, labels, from, hold, told)
                .add(1)
                .mul(0.5);
    }
}
