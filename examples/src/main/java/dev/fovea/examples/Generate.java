package dev.fovea.examples;

import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.task.generate.Generator;
import java.nio.file.Path;
import java.util.List;

/** Trains a GAN, and writes images of each class and of one. */
public final class Generate {

    private Generate() {}

    public static void main(String... args) {
        var data = new Splits(new Shapes(1, 300, 32), new Shapes(2, 50, 32), new Shapes(3, 50, 32), List.of());
        var recipe = Tasks.ALL.recipe("dcgan width=16").withEpochs(1);
        Generator generator = Generator.train("dcgan width=16", data, recipe);

        List<Image> all = generator.generate(new Generator.Request(40)); // the classes in turn
        Image.write(Path.of("generated.png"), Generator.grid(all));
        List<Image> stars =
                generator.generate(new Generator.Request(16).withLabel("star").withSeed(3));

        System.out.println(all.size() + " and " + stars.size() + " images");
    }
}
