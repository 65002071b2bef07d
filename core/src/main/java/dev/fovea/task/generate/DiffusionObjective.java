package dev.fovea.task.generate;

import dev.fovea.data.Batch;
import dev.fovea.data.Preprocess;
import dev.fovea.engine.DType;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.DiffusionNet;
import dev.fovea.models.Sampler;
import dev.fovea.models.Sampler.Method;
import dev.fovea.models.Sampler.Path;
import dev.fovea.nn.Module;
import dev.fovea.train.ImageTensors;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Diffusion or rectified flow: at a random time, the network's prediction for a mixture of image and noise is compared
 * with the target.
 *
 * @param classes of the images
 */
record DiffusionObjective(Diffusion task, int classes, ImageShape shape, Pixels pixels) implements Objective {

    static DiffusionObjective of(Diffusion task, GeneratorType.Trained trained) {
        Preprocess shown = trained.shown();
        return new DiffusionObjective(
                task,
                trained.classes(),
                new ImageShape(shown.channels(), shown.height(), shown.width()),
                trained.pixels());
    }

    private static final int STEPS = 20;

    /** The shape of one image. */
    public record ImageShape(int channels, int height, int width) {}

    /** The path between noise and image that networks of this task are trained on. */
    public static Path path(Diffusion task) {
        return task.target() == DiffusionTarget.VELOCITY ? Path.STRAIGHT : Path.COSINE;
    }

    @Override
    public Outcome step(Module net, Batch batch) {
        return new Outcome(loss((DiffusionNet) net, batch, true), Map.of());
    }

    private Tensor loss(DiffusionNet net, Batch batch, boolean hiding) {
        Tensor image = pixels.images(batch).mul(2).sub(1);
        Random random = net.state().random();
        Tensor noise = Tensor.randn(random, image.shape()).to(image.device());
        float[] times = Tensor.rand(random, batch.size()).toFloats();
        float[] signal = new float[times.length];
        float[] rest = new float[times.length];
        for (int i = 0; i < times.length; i++) {
            signal[i] = (float) path(task).signal(times[i]);
            rest[i] = (float) path(task).noise(times[i]);
        }
        Tensor mixed = image.mul(column(signal, image)).add(noise.mul(column(rest, image)));
        Tensor wanted = task.target() == DiffusionTarget.VELOCITY ? image.sub(noise) : noise;
        Tensor labels = pixels.labels(batch);
        if (hiding && task.classDropout() > 0) {
            Tensor hidden =
                    Tensor.rand(random, batch.size()).to(labels.device()).sub(task.classDropout());
            labels = Tensor.where(
                    hidden.ge(0), labels, labels.mul(0).add(net.unknown()).to(DType.INT64));
        }
        Tensor time = Tensor.of(times, times.length).to(image.device());
        return net.forward(mixed, time, labels).to(DType.FLOAT32).mse(wanted);
    }

    private static Tensor column(float[] values, Tensor like) {
        return Tensor.of(values, values.length, 1, 1, 1).to(like.device());
    }

    /** The loss at times and noise that are the same at every validation. */
    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        double sum = 0;
        double count = 0;
        for (long n = 0; batches.hasNext(); n++) {
            try (var scope = new Scope()) {
                net.state().random().restart(new Seed(n));
                Batch batch = batches.next();
                sum += loss((DiffusionNet) net, batch, false).item() * batch.size();
                count += batch.size();
            }
        }
        return Map.of("loss", sum / count);
    }

    @Override
    public List<Image> samples(Module net, int from, int count) {
        Tensor noise = Tensor.randn(net.state().random(), count, shape.channels(), shape.height(), shape.width())
                .to(pixels.device());
        var sampler = new Sampler(path(task), Method.DDIM, STEPS, 1);
        Tensor made = sampler.sample((DiffusionNet) net, noise, pixels.inTurn(from, count, classes));
        return ImageTensors.of(made.add(1).mul(0.5));
    }

    @Override
    public String criterion() {
        return "loss";
    }

    @Override
    public boolean largerIsBetter() {
        return false;
    }
}
