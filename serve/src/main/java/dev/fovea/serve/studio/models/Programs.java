package dev.fovea.serve.studio.models;

/** A program of a few lines that uses a model with this library, and what it needs, to be copied. */
final class Programs {

    private static final String BINDING = "1.5.13";

    private Programs() {}

    /**
     * In Java, a whole class.
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

                public class UseModel {
                    public static void main(String[] args) {
                        var generator = Generator.load(Path.of("%s"));
                        var images = generator.generate(new Generator.Request(8).withSeed(1));
                        Image.write(Path.of("generated.png"), Generator.grid(images));
                    }
                }
                """.formatted(path) : """
                import dev.fovea.image.Image;
                import dev.fovea.task.Tasks;
                import java.nio.file.Path;

                public class UseModel {
                    public static void main(String[] args) {
                        var model = Tasks.ALL.load(Path.of("%s"), "auto").trial();
                        var outcome = model.of(Image.read(Path.of("image.jpg")));
                        System.out.println(outcome.text());
                    }
                }
                """.formatted(path);
    }

    /**
     * The dependencies of that program for Maven: this library, and the native libraries of all platforms.
     *
     * @param version of this library
     */
    static String dependencies(String version) {
        return dependency("dev.fovea", "fovea-core", version)
                + dependency("org.bytedeco", "pytorch-platform", "2.10.0-" + BINDING)
                + dependency("org.bytedeco", "opencv-platform", "4.13.0-" + BINDING);
    }

    private static String dependency(String group, String artifact, String version) {
        return """
                <dependency>
                  <groupId>%s</groupId>
                  <artifactId>%s</artifactId>
                  <version>%s</version>
                </dependency>
                """.formatted(group, artifact, version);
    }
}
