package dev.fovea.examples;

import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.io.CodedImage;
import dev.fovea.task.Tasks;
import dev.fovea.task.compress.Codec;
import java.nio.file.Path;
import java.util.List;

/** Trains an image codec, writes a compressed file, and reads it back. */
public final class Compress {

    private Compress() {}

    public static void main(String... args) {
        var photos = new Splits(new Shapes(1, 8, 64), new Shapes(2, 2, 64), new Shapes(3, 2, 64), List.of());
        var recipe = Tasks.ALL.recipe("transform-codec width=16 latents=24").withEpochs(1);
        Codec codec = Codec.train("transform-codec width=16 latents=24", photos, recipe);
        codec.save(Path.of("codec")); // only this model can decode what it coded

        Image image = photos.test().image(0);
        codec.compress(image).write(Path.of("image.fvc"));
        Image again = Codec.load(Path.of("codec")).decompress(CodedImage.read(Path.of("image.fvc")));

        System.out.println(again.size() + " " + codec.evaluate(photos.test())); // beside JPEG of as many bits
    }
}
