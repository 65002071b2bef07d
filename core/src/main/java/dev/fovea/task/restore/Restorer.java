package dev.fovea.task.restore;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.image.WhiteMask;
import dev.fovea.metrics.ImageMetrics;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.RestorationNet;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TrainingRun;
import dev.fovea.train.ImageTensors;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Restores degraded images of any size: denoising, removal of JPEG blocks, filling of holes, super-resolution.
 *
 * <pre>{@code
 * var restorer = Restorer.load(Path.of("runs/denoise-1"));
 * Image clean = restorer.restore(Image.read(Path.of("night.jpg")));
 * }</pre>
 */
public final class Restorer {

    private final SavedNet network;
    private final Restoration task;

    Restorer(SavedNet network) {
        this.network = network;
        task = network.settings(RestorationType.TYPE);
    }

    /**
     * Trains a registered network on the training part of {@code data}; labels are not used.
     *
     * @param recipe everything that decides the result; its model is replaced by {@code model}
     */
    public static Restorer train(String model, Splits data, Recipe recipe) {
        return new Restorer(TrainingRun.inTemporaryFolder(RestorationType.TYPE, recipe.withModel(model), data)
                .net());
    }

    /** Loads a model package, or the model of a run folder, onto the best device there is. */
    public static Restorer load(Path path) {
        return load(path, "auto");
    }

    /**
     * Loads a model package, or the model of a run folder.
     *
     * @param device auto, cpu or cuda
     * @throws IllegalArgumentException if there is no model, or it is damaged or of another task
     */
    public static Restorer load(Path path, String device) {
        return new Restorer(SavedNet.load(path, device, List.of(RestorationType.TYPE)));
    }

    /** Writes the model package: {@code config.json} and {@code model.safetensors}. */
    public void save(Path folder) {
        network.model().write(folder);
    }

    /** The architecture and the provenance. */
    public ModelPackage.Config config() {
        return network.model().config();
    }

    /** The type of degradation it was trained for, as {@code noise}. */
    public String degradation() {
        return task.degradation().word();
    }

    /**
     * The restored image, at the middle of the amounts of degradation of the training; a colour image goes through a
     * network for grey ones channel by channel.
     *
     * @throws IllegalArgumentException if the network fills holes and needs a mask, see {@link #fill}
     */
    public synchronized Image restore(Image image) {
        checkNeedsNoMask();
        return restored(image, plain(image, (task.low() + task.high()) / 2 / 255));
    }

    /**
     * The same for a network that takes the amount of degradation.
     *
     * @param amount in the unit of its degradation
     * @throws IllegalArgumentException if the network takes no amount, the amount is not one of its degradation, or it
     * fills holes
     */
    public synchronized Image restore(Image image, double amount) {
        checkNeedsNoMask();
        if (!net().guided()) {
            throw new IllegalArgumentException(
                    "restore: this network takes no amount of degradation. Leave the amount %s out".formatted(amount));
        }
        task.degradation().check(amount);
        return restored(image, plain(image, amount / 255));
    }

    private void checkNeedsNoMask() {
        if (task.degradation() == DegradationType.HOLES) {
            throw new IllegalArgumentException("restore: this network fills holes, pass a mask of them");
        }
    }

    /**
     * The image with its holes filled; what the mask leaves alone stays as it is.
     *
     * @param mask of the image's size, white where something is to be filled in
     * @throws IllegalArgumentException if the mask is of another size, or the network was not trained to fill holes
     */
    public synchronized Image fill(Image image, Image mask) {
        if (task.degradation() != DegradationType.HOLES) {
            throw new IllegalArgumentException(
                    "restore: a mask is for a network that fills holes, this one was trained against " + degradation());
        }
        if (mask.width() != image.width() || mask.height() != image.height()) {
            throw new IllegalArgumentException("restore: the mask has %sx%s pixels, the image %sx%s"
                    .formatted(mask.width(), mask.height(), image.width(), image.height()));
        }
        Image grey = WhiteMask.of(mask);
        byte[] covered = image.pixels().clone();
        byte[] guide = new byte[grey.pixels().length];
        for (int i = 0; i < guide.length; i++) {
            boolean hole = (grey.pixels()[i] & 0xFF) >= 128;
            guide[i] = (byte) (hole ? 255 : 0);
            for (int c = 0; c < image.channels() && hole; c++) {
                covered[i * image.channels() + c] = 0;
            }
        }
        var holed = new Image(image.width(), image.height(), image.channels(), covered);
        Image made = restored(holed, new Image(image.width(), image.height(), 1, guide));
        Image alike = made.channels() == 1 ? image.toGray() : image.toRgb();
        byte[] out = alike.pixels().clone();
        for (int i = 0; i < guide.length; i++) {
            for (int c = 0; c < made.channels() && guide[i] != 0; c++) {
                out[i * made.channels() + c] = made.pixels()[i * made.channels() + c];
            }
        }
        return new Image(made.width(), made.height(), made.channels(), out);
    }

    /**
     * Degrades each image of {@code data} as in training, restores it whole and compares: {@code mse}, {@code mae},
     * {@code psnr} in dB, {@code ssim}, and {@code inputPsnr}, that of the degraded image.
     */
    public synchronized Map<String, Double> evaluate(Dataset data) {
        var metrics = new ImageMetrics();
        var before = new ImageMetrics();
        var degradation = new Degradation(task, net());
        for (int i = 0; i < data.size(); i++) {
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                Tensor clean = clean(data.image(i), data.name(i));
                Tensor degraded = degradation.apply(clean, new Seed(i));
                Tensor made = whole(degraded).clamp(0, 1).mul(255).round().mul(1.0 / 255);
                metrics.add(made, clean);
                Tensor shown = degraded.narrow(1, 0, clean.size(1));
                before.add(net().scale() == 1 ? shown : shown.upsampleBilinear(clean.size(2), clean.size(3)), clean);
            }
        }
        var values = new java.util.LinkedHashMap<>(metrics.values());
        values.put("inputPsnr", before.values().get("psnr"));
        return values;
    }

    /** Clean, degraded and restored, as a report shows them. */
    synchronized List<Image> example(Image image, long seed) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor clean = clean(image, "image");
            Tensor degraded = new Degradation(task, net()).apply(clean, new Seed(seed));
            Tensor shown = degraded.narrow(1, 0, clean.size(1));
            return List.of(
                    ImageTensors.of(clean).get(0),
                    ImageTensors.of(shown).get(0),
                    ImageTensors.of(whole(degraded)).get(0));
        }
    }

    /** Whether it takes the amount of degradation of each image. */
    public boolean takesAmount() {
        return net().guided() && task.degradation() != DegradationType.HOLES;
    }

    Restoration task() {
        return task;
    }

    SavedNet network() {
        return network;
    }

    private RestorationNet net() {
        return (RestorationNet) network.net();
    }

    private Tensor whole(Tensor degraded) {
        return new Tiles(net(), Tiles.SIDE).forward(degraded);
    }

    private int channels() {
        return config().preprocess().channels();
    }

    /** In the network's channels, cut so that it comes out even. */
    private Tensor clean(Image image, String name) {
        checkSides(net(), image, name);
        Image coloured = channels() == 1 ? image.toGray() : image.toRgb();
        int even = even(net());
        int width = coloured.width() / even * even;
        int height = coloured.height() / even * even;
        return ImageTensors.of(List.of(coloured.crop(0, 0, width, height))).to(network.device());
    }

    /** What the sides of a clean image are multiples of, so that a degraded one fits the network. */
    static int even(RestorationNet net) {
        return net.stride() * net.scale();
    }

    /** @throws DataException if a clean image is too small to be degraded and restored */
    static void checkSides(RestorationNet net, Image image, String name) {
        if (Math.min(image.width(), image.height()) < even(net)) {
            throw new DataException(
                    "%s: has %sx%s pixels, to be measured with this network needs at least %sx%s. Leave it out"
                            .formatted(name, image.width(), image.height(), even(net), even(net)));
        }
    }

    private Image plain(Image image, double level) {
        byte[] guide = new byte[image.width() * image.height()];
        Arrays.fill(guide, (byte) Math.round(Math.max(0, Math.min(1, level)) * 255));
        return new Image(image.width(), image.height(), 1, guide);
    }

    private Image restored(Image image, Image guide) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor level = ImageTensors.of(List.of(guide)).to(network.device());
            if (channels() == 3 || image.channels() == 1 || grey(image)) {
                Image coloured = channels() == 1 ? image.toGray() : image.toRgb();
                Tensor input = ImageTensors.of(List.of(coloured)).to(network.device());
                return ImageTensors.of(padded(guided(input, level))).get(0);
            }
            Tensor colours = ImageTensors.of(List.of(image)).to(network.device());
            var made = new java.util.ArrayList<Tensor>();
            for (int c = 0; c < 3; c++) {
                made.add(padded(guided(colours.narrow(1, c, 1), level)));
            }
            return ImageTensors.of(Tensor.cat(made, 1)).get(0);
        }
    }

    private Tensor guided(Tensor image, Tensor level) {
        return net().guided() ? Tensor.cat(List.of(image, level), 1) : image;
    }

    private static boolean grey(Image image) {
        byte[] p = image.pixels();
        for (int i = 0; i < p.length; i += 3) {
            if (p[i] != p[i + 1] || p[i] != p[i + 2]) {
                return false;
            }
        }
        return true;
    }

    /** Extended by its last row and column to what the network's stride wants, and cut back. */
    private Tensor padded(Tensor degraded) {
        int stride = net().stride();
        long height = degraded.size(2);
        long width = degraded.size(3);
        Tensor x = extended(extended(degraded, 2, stride), 3, stride);
        return whole(x).narrow(2, 0, height * net().scale()).narrow(3, 0, width * net().scale());
    }

    private static Tensor extended(Tensor x, int dim, int stride) {
        long missing = Math.floorMod(-x.size(dim), stride);
        if (missing == 0) {
            return x;
        }
        var parts = new java.util.ArrayList<>(List.of(x));
        Tensor last = x.narrow(dim, x.size(dim) - 1, 1);
        for (long i = 0; i < missing; i++) {
            parts.add(last);
        }
        return Tensor.cat(parts, dim);
    }
}
