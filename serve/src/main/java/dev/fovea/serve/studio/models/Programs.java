package dev.fovea.serve.studio.models;

/** Programs of a few lines that use a model with this library, to be copied. */
final class Programs {

    private Programs() {}

    /**
     * In Java.
     *
     * @param generator whether the model generates images
     * @param folder of the model, as the program names it
     */
    static String java(boolean generator, String folder) {
        String path = folder.replace("\\", "\\\\").replace("\"", "\\\"");
        return generator ? """
                import dev.fovea.image.Image;
                import dev.fovea.task.generate.Generator;
                import java.nio.file.Path;

                var generator = Generator.load(Path.of("%s"));
                var images = generator.generate(new Generator.Request(8).withSeed(1));
                Image.write(Path.of("generated.png"), Generator.grid(images));
                """.formatted(path) : """
                import dev.fovea.image.Image;
                import dev.fovea.task.Tasks;
                import java.nio.file.Path;

                var model = Tasks.ALL.load(Path.of("%s"), "auto").trial();
                var outcome = model.of(Image.read(Path.of("image.jpg")));
                System.out.println(outcome.text());
                """.formatted(path);
    }
}
