package dev.fovea.task;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.metrics.PictureMetrics;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Restoring;
import dev.fovea.train.Damaging;
import dev.fovea.train.Pictures;
import dev.fovea.train.Recipe;
import dev.fovea.train.Task;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Makes sound pictures of damaged ones: less noise, no blocks of JPEG, holes filled, more pixels; of any size.
 *
 * <pre>{@code
 * var restorer = Restorer.load(Path.of("runs/denoise-1"));
 * Image clean = restorer.restore(Image.read(Path.of("night.jpg")));
 * }</pre>
 */
public final class Restorer {

    private final Network network;
    private final Task.Restoration task;

    Restorer(Network network) {
        this.network = network;
        task = (Task.Restoration) network.recipe().task();
    }

    /**
     * Trains a registered network on the training part of {@code data}; labels are not looked at.
     *
     * @param recipe everything that decides the result; its model is replaced by {@code model}
     */
    public static Restorer train(String model, Splits data, Recipe recipe) {
        var learner = new RestorerLearner();
        TrainingRun.inTemporaryFolder(recipe.withModel(model), data, learner);
        return learner.restorer();
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
        return new Restorer(Network.load(path, device, List.of("restoration")));
    }

    /** Writes the model package: {@code config.json} and {@code model.safetensors}. */
    public void save(Path folder) {
        network.model().write(folder);
    }

    /** What the network is and how it was made. */
    public ModelPackage.Config config() {
        return network.model().config();
    }

    /** What it was trained to undo, as {@code noise}. */
    public String damage() {
        return task.damage().word();
    }

    /**
     * The restored picture, at the middle of the amounts of damage that were trained; a colour picture goes through a
     * network for grey ones channel by channel.
     *
     * @throws IllegalArgumentException if the network fills holes and wants to be told where, see {@link #fill}
     */
    public synchronized Image restore(Image image) {
        checkNeedsNoMask();
        return restored(image, plain(image, (task.low() + task.high()) / 2 / 255));
    }

    /**
     * The same for a network that is told how much a picture is damaged.
     *
     * @param amount in the unit of its damage
     * @throws IllegalArgumentException if the network is not told, the amount is none of its damage, or it fills holes
     */
    public synchronized Image restore(Image image, double amount) {
        checkNeedsNoMask();
        if (!net().guided()) {
            throw new IllegalArgumentException(
                    "restore: this network is not told how much an image is damaged, leave the amount %s out"
                            .formatted(amount));
        }
        task.damage().check(amount);
        return restored(image, plain(image, amount / 255));
    }

    private void checkNeedsNoMask() {
        if (task.damage() == Task.Damage.HOLES) {
            throw new IllegalArgumentException("restore: this network fills holes, tell it where: pass a mask");
        }
    }

    /**
     * The picture with its holes filled; what the mask leaves alone stays as it is.
     *
     * @param mask of the picture's size, white where something is to be filled in
     * @throws IllegalArgumentException if the mask is of another size, or the network was not trained to fill holes
     */
    public synchronized Image fill(Image image, Image mask) {
        if (task.damage() != Task.Damage.HOLES) {
            throw new IllegalArgumentException(
                    "restore: a mask is for a network that fills holes, this one was trained against " + damage());
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
     * Damages each picture of {@code data} as in training, restores it whole and compares: {@code mse}, {@code mae},
     * {@code psnr} in dB, {@code ssim}, and {@code damagedPsnr}, what the damaged picture had.
     */
    public synchronized Map<String, Double> evaluate(Dataset data) {
        var metrics = new PictureMetrics();
        var before = new PictureMetrics();
        var damaging = new Damaging(task, net());
        for (int i = 0; i < data.size(); i++) {
            try (var scope = new Scope();
                    var noGrad = new NoGrad()) {
                Tensor sound = sound(data.image(i), data.name(i));
                Tensor damaged = damaging.apply(sound, i);
                Tensor made = whole(damaged).clamp(0, 1).mul(255).round().mul(1.0 / 255);
                metrics.add(made, sound);
                Tensor shown = damaged.narrow(1, 0, sound.size(1));
                before.add(net().scale() == 1 ? shown : shown.upsampleBilinear(sound.size(2), sound.size(3)), sound);
            }
        }
        var values = new java.util.LinkedHashMap<>(metrics.values());
        values.put("damagedPsnr", before.values().get("psnr"));
        return values;
    }

    /** Sound, damaged and restored, as a report shows them. */
    synchronized List<Image> example(Image image, long seed) {
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor sound = sound(image, "image");
            Tensor damaged = new Damaging(task, net()).apply(sound, seed);
            Tensor shown = damaged.narrow(1, 0, sound.size(1));
            return List.of(
                    Pictures.of(sound).get(0),
                    Pictures.of(shown).get(0),
                    Pictures.of(whole(damaged)).get(0));
        }
    }

    Network network() {
        return network;
    }

    private Restoring net() {
        return (Restoring) network.net();
    }

    private Tensor whole(Tensor damaged) {
        return new Tiles(net(), Tiles.SIDE).forward(damaged);
    }

    private int channels() {
        return config().preprocess().channels();
    }

    /** In the network's channels, cut so that it comes out even. */
    private Tensor sound(Image image, String name) {
        checkSides(net(), image, name);
        Image coloured = channels() == 1 ? image.toGray() : image.toRgb();
        int even = even(net());
        int width = coloured.width() / even * even;
        int height = coloured.height() / even * even;
        return Pictures.of(List.of(coloured.crop(0, 0, width, height))).to(network.device());
    }

    /** What the sides of a sound picture are multiples of, so that a damaged one fits the network. */
    static int even(Restoring net) {
        return net.stride() * net.scale();
    }

    /** @throws DataException if a sound picture is too small to be damaged and restored */
    static void checkSides(Restoring net, Image image, String name) {
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
            Tensor level = Pictures.of(List.of(guide)).to(network.device());
            if (channels() == 3 || image.channels() == 1 || grey(image)) {
                Image coloured = channels() == 1 ? image.toGray() : image.toRgb();
                Tensor input = Pictures.of(List.of(coloured)).to(network.device());
                return Pictures.of(padded(guided(input, level))).get(0);
            }
            Tensor colours = Pictures.of(List.of(image)).to(network.device());
            var made = new java.util.ArrayList<Tensor>();
            for (int c = 0; c < 3; c++) {
                made.add(padded(guided(colours.narrow(1, c, 1), level)));
            }
            return Pictures.of(Tensor.cat(made, 1)).get(0);
        }
    }

    private Tensor guided(Tensor picture, Tensor level) {
        return net().guided() ? Tensor.cat(List.of(picture, level), 1) : picture;
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
    private Tensor padded(Tensor damaged) {
        int stride = net().stride();
        long height = damaged.size(2);
        long width = damaged.size(3);
        Tensor x = extended(extended(damaged, 2, stride), 3, stride);
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
