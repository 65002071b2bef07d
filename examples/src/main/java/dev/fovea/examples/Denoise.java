package dev.fovea.examples;

import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.task.restore.Restorer;
import java.nio.file.Path;
import java.util.List;

/** Trains a network against noise, and restores an image of another size. */
public final class Denoise {

    private Denoise() {}

    public static void main(String... args) {
        var photos = new Splits(new Shapes(1, 12, 64), new Shapes(2, 4, 64), new Shapes(3, 4, 64), List.of());
        var recipe = Tasks.ALL.recipe("unet-restorer width=8").withEpochs(1); // noise of standard deviation 25
        Restorer restorer = Restorer.train("unet-restorer width=8", photos, recipe);
        restorer.save(Path.of("denoiser"));

        Image clean = Restorer.load(Path.of("denoiser")).restore(new Shapes(4, 1, 100).image(0));
        Image.write(Path.of("clean.png"), clean);

        System.out.println(restorer.evaluate(photos.test())); // psnr, and inputPsnr of the degraded images
    }
}
