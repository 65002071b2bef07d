package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import dev.fovea.data.Shapes;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ExplainCommandTest {

    @TempDir
    private Path folder;

    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(folder);
    }

    private String trained(String network) {
        return shell.trained("run", network, "input.size=32");
    }

    private Ended explain(String run, String... options) {
        var all = new ArrayList<>(List.of("explain", run));
        all.addAll(List.of(options));
        return fovea(all.toArray(String[]::new));
    }

    private String written(String name) {
        return folder.resolve(name).toString();
    }

    /** Forty images in folders of their classes. */
    private String album() throws IOException {
        var shapes = new Shapes(5, 40, 32);
        for (int i = 0; i < shapes.size(); i++) {
            Path file = folder.resolve("album/" + shapes.classes().get(shapes.label(i)) + "/" + i + ".png");
            Files.createDirectories(file.getParent());
            Image.write(file, shapes.image(i).toBufferedImage());
        }
        return folder.resolve("album").toString();
    }

    @Test
    void severalMethodsStandSideBySideAndAreChecked() {
        String run = trained(Shell.NET);
        String image = shell.shape().toString();
        String one = written("one.png");
        String two = written("two.png");
        assertThat(explain(run, image, "--method", "saliency", "-o", one).out())
                .startsWith("saliency  ")
                .contains("one.png");
        Ended both = explain(
                run, image, "--method", "saliency,grad-cam", "--target", "heart", "--check", "-o", two, "--json");
        assertThat(both.code()).as(both.err()).isZero();
        assertThat(both.json().get("method").asString()).isEqualTo("saliency,grad-cam");
        assertThat(both.json().get("class").asString()).isEqualTo("heart");
        assertThat(Image.read(Path.of(two)).width())
                .isGreaterThan(Image.read(Path.of(one)).width() + 400);
        JsonNode checks = both.json().get("checks");
        assertThat(checks).hasSize(2);
        assertThat(checks.get(0).get("verdict").asString()).matches("(Yes|No): .+\\.");
        assertThat(checks.get(0).get("layers")).hasSize(3);
        assertThat(checks.get(1).get("own").get("deletion").asDouble()).isBetween(0.0, 1.0);
        assertThat(folder.resolve("two-check-grad-cam.png")).exists();
        assertThat(explain(run, image, "--method", "saliency", "--check", "-o", one)
                        .out())
                .contains("Can this map be trusted? ", "ROAD", "sanity check", "random from layer");
    }

    @Test
    void drawsTheInsideOfANetworkAndItsNeighbours() throws IOException {
        String run = trained(Shell.NET);
        String image = shell.shape().toString();
        String album = album();
        Ended near = explain(run, image, "--neighbours", album, "--target", "star", "-o", written("n.png"), "--json");
        assertThat(near.code()).as(near.err()).isZero();
        JsonNode rows = near.json().get("neighbours");
        assertThat(rows.get(0).get("nearest").findValuesAsString("label")).containsOnly("star");
        assertThat(rows.get(1).get("nearest").findValuesAsString("label"))
                .hasSize(6)
                .doesNotContain("star");
        for (List<String> options : List.of(
                List.of("--filters"),
                List.of(image, "--activations"),
                List.of("--embedding", album),
                List.of("--embedding", album, "--projection", "t-sne"))) {
            var all = new ArrayList<>(options);
            String out = written("out" + options.size() + options.get(0).length() + ".png");
            all.addAll(List.of("-o", out, "--json"));
            Ended ended = explain(run, all.toArray(String[]::new));
            assertThat(ended.code()).as(options + ended.err()).isZero();
            assertThat(ended.json().get("output").asString()).isEqualTo(out);
            assertThat(Image.read(Path.of(out)).width()).isGreaterThan(400);
        }
        Ended compared = explain(run, "--compare", "shapes:test", "-n", "2", "--json");
        assertThat(compared.code()).as(compared.err()).isZero();
        assertThat(compared.json().get("images").asInt()).isEqualTo(2);
        assertThat(compared.json().get("methods").findValuesAsString("method"))
                .startsWith("integrated-gradients")
                .endsWith("random");
        assertThat(compared.json().get("methods").get(0).get("mass").asDouble()).isBetween(0.0, 1.0);
    }

    @Test
    void saysWhatCannotBeExplained() {
        String run = trained("flatten, dense 8, relu, dense classes");
        String image = shell.shape().toString();
        String out = written("why.png");
        assertThat(explain(run, image, "--method", "grad-cam", "-o", out).err())
                .contains("grad-cam: needs a network with feature maps, this has none; ", " would do");
        assertThat(explain(run, image, "--method", "gradcam", "-o", out).err()).contains("did you mean 'grad-cam'?");
        assertThat(explain(run, image, "--target", "hart", "-o", out).err())
                .contains("unknown class 'hart', did you mean 'heart'?");
        assertThat(explain(run, image, "--activations", "-o", out).err()).contains("has no feature maps of an image");
        assertThat(explain(run, image).err()).contains("-o: name the image to write");
        assertThat(explain(run, "-o", out).err()).contains("name an IMAGE to explain");
        assertThat(explain(run, image, "--filters", "-o", out).err()).contains("name no IMAGE");
        assertThat(explain(run, image, "--activations", "--check", "-o", out).err())
                .contains("one at a time");
        assertThat(explain(run, "--embedding", "shapes:test", "--projection", "umap", "-o", out)
                        .err())
                .contains("--projection: expected pca or t-sne, got umap");
        assertThat(explain(run, image, "--projection", "pca", "-o", out).err())
                .contains("--projection means nothing without --embedding");
        assertThat(folder.resolve("why.png")).doesNotExist();
        Ended plain = explain(run, image, "-o", out);
        assertThat(plain.code()).as(plain.err()).isZero();
    }
}
