package dev.fovea.examples;

import dev.fovea.data.Data;
import dev.fovea.image.Image;
import dev.fovea.task.ImageSearch;
import dev.fovea.task.Tasks;
import dev.fovea.task.embed.Embedder;
import java.nio.file.Path;
import java.util.List;

/** Learns what tells identities apart, compares two images, and searches a gallery. */
final class FindFaces {

    private FindFaces() {}

    public static void main(String[] arguments) {
        var people = Data.open(arguments.length > 0 ? arguments[0] : "shapes:test", Data.Options.of());
        var recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("embedding(cifar-cnn)"),
                        List.of("epochs=2", "task.dimensions=32", "input.size=32"));
        var embedder = Embedder.train("embedding(cifar-cnn)", people, recipe);
        embedder.save(Path.of("people-model"));

        Image one = people.train().image(0);
        Image other = people.train().image(10);
        var verdict = Embedder.load(Path.of("people-model")).verify(one, other);
        System.out.println(verdict.same() + " " + verdict.similarity());

        var search = ImageSearch.of(Path.of("people-model"), people.train());
        search.write(Path.of("people.gallery"));
        ImageSearch.open(Path.of("people.gallery")).find(one, 3).forEach(System.out::println);
    }
}
