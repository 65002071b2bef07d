package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** From folders of people to a verifier and a search. */
class EmbeddingCommandsTest {

    private static final int SIDE = 24;

    @TempDir
    private Path folder;

    private Path people;
    private Path others;

    @BeforeEach
    void write() throws IOException {
        people = people("people", 0, 12, 5);
        others = people("others", 100, 6, 4);
    }

    /** Patterns of 4 x 4 grey fields, in the layout of Labeled Faces in the Wild. */
    private Path people(String name, int from, int count, int each) throws IOException {
        Path all = folder.resolve(name);
        for (int p = from; p < from + count; p++) {
            Path own = Files.createDirectories(all.resolve("p" + p));
            int[] fields = new Random(900 + p).ints(16, 30, 180).toArray();
            for (int k = 1; k <= each; k++) {
                var noise = new Random(71L * p + k);
                int light = noise.nextInt(30);
                var pixels = new byte[SIDE * SIDE];
                for (int i = 0; i < pixels.length; i++) {
                    pixels[i] = (byte) (fields[i / SIDE / 6 * 4 + i % SIDE / 6] + light + noise.nextInt(20));
                }
                Image.write(
                        own.resolve("p%s_000%s.png".formatted(p, k)),
                        new Image(SIDE, SIDE, 1, pixels).toBufferedImage());
            }
        }
        return all;
    }

    private String trained(String name, String... more) {
        var arguments = new ArrayList<>(List.of(
                "train",
                "embedding(cifar-cnn) pool=2",
                "--data",
                people.toString(),
                "--out",
                folder.toString(),
                "--name",
                name,
                "--epochs",
                "4",
                "--batch",
                "12",
                "--json"));
        for (String setting : List.of("input.size=24", "input.channels=1", "task.dimensions=16", "precision=fp32")) {
            arguments.addAll(List.of("--set", setting));
        }
        arguments.addAll(List.of(more));
        Ended ended = fovea(arguments.toArray(String[]::new));
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.json().get("validation").get("eer").asDouble()).isLessThan(0.3);
        return ended.json().get("run").asString();
    }

    private static JsonNode done(String... arguments) {
        Ended ended = fovea(arguments);
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended.json();
    }

    private static String refused(String... arguments) {
        Ended ended = fovea(arguments);
        assertThat(ended.code()).as(ended.out()).isEqualTo(2);
        return ended.err() + ended.out();
    }

    @Test
    void peopleWhomTrainingNeverSawAreIdentifiedVerifiedAndFound() throws IOException {
        String run = trained("people");
        JsonNode alone = done("evaluate", run, "--data", others.toString(), "--json");
        assertThat(alone.get("metrics").get("rank1").asDouble()).isGreaterThan(0.8);
        assertThat(alone.get("samePairs").asInt()).isEqualTo(6 * 6);
        JsonNode few = done("evaluate", run, "--data", others.toString(), "--gallery", "3", "--json");
        assertThat(few.get("galleryImages").asInt()).isEqualTo(18);
        assertThat(few.get("probes").asInt()).isEqualTo(6);

        Path pairs = folder.resolve("pairs.txt");
        Files.writeString(pairs, "2\t1\np100\t1\t2\np100\t1\tp101\t2\np102\t3\t4\np103\t1\tp104\t2\n");
        JsonNode folds = done("evaluate", run, "--data", others.toString(), "--pairs", pairs.toString(), "--json");
        assertThat(folds.get("folds")).hasSize(2);
        assertThat(folds.get("metrics").get("accuracyStandardError").isNumber()).isTrue();
        Files.writeString(pairs, "1\np100 1 2\np100 1 nobody 2\n");
        assertThat(refused("evaluate", run, "--data", others.toString(), "--pairs", pairs.toString()))
                .contains("pairs.txt:3: the data has nobody called 'nobody'");

        String gallery = folder.resolve("g").toString();
        JsonNode made = done("index", others.toString(), "--model", run, "-o", gallery, "--json");
        assertThat(made.get("images").asInt()).isEqualTo(24);
        assertThat(made.get("dimensions").asInt()).isEqualTo(16);
        JsonNode more = done("index", people.toString(), "--into", gallery, "--json");
        assertThat(more.get("images").asInt()).isEqualTo(24 + 60);

        Path one = folder.resolve("one/p9");
        Files.createDirectories(one);
        Files.copy(others.resolve("p103/p103_0002.png"), one.resolve("a.png"));
        done(
                "index",
                folder.resolve("one").toString(),
                "--model",
                run,
                "-o",
                folder.resolve("g1").toString(),
                "--json");
        JsonNode only = done(
                "find",
                one.resolve("a.png").toString(),
                "--gallery",
                folder.resolve("g1").toString(),
                "--json");
        assertThat(only.get("found").get(0).get("matches").get(0).get("label").asString())
                .as("the only class folder")
                .isEqualTo("p9");

        String asked = others.resolve("p103/p103_0002.png").toString();
        Path page = folder.resolve("found.html");
        JsonNode found = done("find", asked, "--gallery", gallery, "--top", "4", "-o", page.toString(), "--json");
        JsonNode matches = found.get("found").get(0).get("matches");
        assertThat(matches).hasSize(4);
        assertThat(matches.get(0).get("file").asString()).isEqualTo(asked);
        assertThat(matches.get(0).get("label").asString()).isEqualTo("p103");
        assertThat(matches.get(0).get("similarity").asDouble()).isGreaterThan(0.999);
        assertThat(matches.get(1).get("label").asString()).isEqualTo("p103");
        assertThat(Files.readString(page)).contains("Images most alike", "p103_0002.png", "data:image/png");
    }

    @Test
    void aGalleryOfAnotherModelOrOneThatIsCutOffIsRefused() throws IOException {
        String run = trained("people");
        String other = trained("other", "--seed", "8");
        Path gallery = folder.resolve("g");
        done("index", others.toString(), "--model", run, "-o", gallery.toString(), "--json");
        String asked = others.resolve("p103/p103_0002.png").toString();
        assertThat(refused("find", asked, "--gallery", gallery.toString(), "--model", other))
                .contains("the gallery was made with another model");
        assertThat(refused("index", people.toString(), "--into", gallery.toString(), "--model", other))
                .contains("the gallery was made with another model");
        assertThat(refused("index", people.toString(), "--model", run, "-o", gallery.toString()))
                .contains("is there already");
        assertThat(refused("find", asked, "--gallery", people.toString())).contains("not a gallery");
        Path vectors = gallery.resolve("vectors.f32");
        byte[] whole = Files.readAllBytes(vectors);
        Files.write(vectors, Arrays.copyOf(whole, whole.length - 64));
        assertThat(refused("find", asked, "--gallery", gallery.toString()))
                .contains("vectors.f32: cut off or of another gallery: 1472 bytes, expected 1536");
    }

    @Test
    void aClassifierSearchesBySimilarFeatures() {
        var shell = new Shell(folder);
        String run = shell.trained("shapes", Shell.NET, "input.size=32", "precision=fp32");
        String gallery = folder.resolve("g").toString();
        JsonNode made = done("index", others.toString(), "--model", run, "-o", gallery, "--json");
        assertThat(made.get("dimensions").asInt()).isEqualTo(16);
        String asked = others.resolve("p101/p101_0001.png").toString();
        JsonNode found = done("find", asked, "--gallery", gallery, "--json");
        assertThat(found.get("found").get(0).get("matches")).hasSize(10);
        assertThat(refused("index", others.toString(), "-o", gallery + "2")).contains("--model: is needed");
        assertThat(refused("index", others.toString())).contains("name the gallery");
    }
}
