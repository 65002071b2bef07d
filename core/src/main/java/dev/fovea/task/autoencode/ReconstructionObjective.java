package dev.fovea.task.autoencode;

import dev.fovea.data.Batch;
import dev.fovea.engine.Autocast;
import dev.fovea.engine.DType;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.metrics.ImageMetrics;
import dev.fovea.models.AutoencoderNet;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reconstructs images from their codes: the loss compares the decoded image with the uncorrupted one. */
record ReconstructionObjective(Reconstruction task, Loss loss, Pixels pixels) implements Objective {

    /** @throws IllegalArgumentException if the codes of this network cannot have the mean that is asked for */
    static ReconstructionObjective of(Reconstruction task, AutoencoderType.Trained trained) {
        if (task.targetActivation() > 0 && !((AutoencoderNet) trained.net()).boundedCode()) {
            throw new IllegalArgumentException(
                    "task.targetActivation: the code's numbers must lie between 0 and 1, those of '%s' do not. Set the option activation=sigmoid, or end the encoder with sigmoid"
                            .formatted(trained.model()));
        }
        return new ReconstructionObjective(task, trained.loss(), trained.pixels());
    }

    @Override
    public Outcome step(Module net, Batch batch) {
        Tensor images = pixels.images(batch);
        Tensor input = new Corruption(task).of(images, net.state().random());
        boolean contracting = task.contraction() > 0;
        if (contracting) {
            input = input.requireGrad(true);
        }
        AutoencoderNet coding = (AutoencoderNet) net;
        Tensor code = coding.encode(input).to(DType.FLOAT32);
        Tensor made = coding.decode(code).to(DType.FLOAT32);
        Tensor sum = loss.ofValues(made, images);
        if (task.l1Code() > 0) {
            sum = sum.add(code.abs().mean().mul(task.l1Code()));
        }
        if (task.targetActivation() > 0) {
            sum = sum.add(activationDivergence(code).mul(task.klWeight()));
        }
        if (contracting) {
            sum = sum.add(sensitivity(code, input, net.state().random()).mul(task.contraction()));
        }
        return new Outcome(
                sum,
                Map.of(
                        "mse", made.detach().mse(images),
                        "mae", made.detach().mae(images)));
    }

    /**
     * The Kullback-Leibler divergence of each unit's mean activation over the batch from the target, as of Bernoulli
     * distributions; the mean over the code [N, D], whose values are from 0 to 1.
     */
    private Tensor activationDivergence(Tensor code) {
        double wanted = task.targetActivation();
        Tensor mean = code.mean(0).clamp(1e-6, 1 - 1e-6); // (D)
        return mean.log()
                .mul(-wanted)
                .sub(mean.neg().add(1).log().mul(1 - wanted))
                .add(wanted * Math.log(wanted) + (1 - wanted) * Math.log(1 - wanted))
                .mean();
    }

    /** The squared norm of the code's Jacobian for each image, estimated along one random direction of the code. */
    static Tensor sensitivity(Tensor code, Tensor input, Random random) {
        try (var exact = Autocast.off(code.device())) {
            Tensor direction = Tensor.randn(random, code.shape()).to(code.device());
            Tensor gradient = code.mul(direction).sum().gradient(input);
            return gradient.mul(gradient).sum().mul(1.0 / code.size(0));
        }
    }

    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var metrics = new ImageMetrics();
        while (batches.hasNext()) {
            try (var scope = new Scope()) {
                Tensor images = pixels.images(batches.next());
                metrics.add(Layer.of(net).forward(images), images);
            }
        }
        return new LinkedHashMap<>(metrics.values());
    }

    @Override
    public String criterion() {
        return "mse";
    }

    @Override
    public boolean largerIsBetter() {
        return false;
    }
}
