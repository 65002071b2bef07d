package dev.fovea.examples;

import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.task.autoencode.Autoencoder;
import java.util.List;

/** Trains an autoencoder, encodes an image, and decodes what lies between two codes. */
public final class Encode {

    private Encode() {}

    public static void main(String... args) {
        var data = new Splits(new Shapes(1, 200, 32), new Shapes(2, 50, 32), new Shapes(3, 50, 32), List.of());
        var recipe = Tasks.ALL.recipe("conv-autoencoder code=32").withEpochs(2);
        Autoencoder autoencoder = Autoencoder.train("conv-autoencoder code=32", data, recipe);

        Image image = autoencoder.seen(data.test().image(0)); // in the network's size and channels
        float[] code = autoencoder.encode(image);
        Image again = autoencoder.decode(List.of(code)).get(0);
        List<Image> between =
                autoencoder.interpolate(image, autoencoder.seen(data.test().image(1)), 9);

        System.out.println(code.length + " numbers, " + again.size() + ", " + between.size() + " images");
        System.out.println(autoencoder.evaluate(data.test()));
    }
}
