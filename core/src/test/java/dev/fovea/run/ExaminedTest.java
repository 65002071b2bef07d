package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.MovingShapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminedTest {

    private static final List<String> CLASSES = List.of("a", "b");

    @TempDir
    Path folder;

    private static Image picture(long seed) {
        byte[] pixels = new byte[9 * 9];
        new SplittableRandom(seed).nextBytes(pixels);
        return new Image(9, 9, 1, pixels).resize(32, 32, Filter.BICUBIC);
    }

    private static Image changed(Image image, double factor, int shift) {
        byte[] pixels = new byte[image.pixels().length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.max(0, Math.min(255, Math.round(factor * (image.pixels()[i] & 255) + shift)));
        }
        return new Image(image.width(), image.height(), 1, pixels);
    }

    private static Dataset data(List<Image> images, int... labels) {
        int[] all = new int[images.size()];
        System.arraycopy(labels, 0, all, 0, labels.length);
        return Dataset.of(images, CLASSES, all);
    }

    private static List<Image> usual(int count) {
        var images = new ArrayList<Image>();
        for (int i = 0; i < count; i++) {
            images.add(picture(100 + i));
        }
        return images;
    }

    private static Examined examined(Dataset train, Dataset test) {
        return Examined.of(new Splits(train, Dataset.empty(CLASSES), test, List.of()));
    }

    @Test
    void findsWhatIsOddAmongTheOthers() {
        List<Image> images = usual(30);
        images.add(changed(picture(1), 0.1, 0));
        images.add(changed(picture(2), 0.1, 229));
        images.add(changed(picture(3), 0.05, 120));
        images.add(picture(4).resize(4, 4, Filter.BILINEAR).resize(32, 32, Filter.BILINEAR));
        images.add(picture(5).resize(96, 32, Filter.BICUBIC));
        images.add(picture(6).resize(96, 96, Filter.BICUBIC));
        var found = examined(data(images), Dataset.empty(CLASSES)).qualityIssues().stream()
                .collect(Collectors.groupingBy(Finding::kind, Collectors.mapping(Finding::path, Collectors.toList())));
        assertThat(found.get(Finding.Kind.DARK)).containsExactly("image #30");
        assertThat(found.get(Finding.Kind.BRIGHT)).containsExactly("image #31");
        assertThat(found.get(Finding.Kind.LOW_CONTRAST)).contains("image #32");
        assertThat(found.get(Finding.Kind.BLURRED)).contains("image #33").doesNotContain("image #0");
        assertThat(found.get(Finding.Kind.ODD_ASPECT)).containsExactly("image #34");
        assertThat(found.get(Finding.Kind.ODD_SIZE)).containsExactly("image #35");
    }

    @Test
    void uprightImagesAmongLyingOnesAreNotOdd() {
        List<Image> images = usual(30);
        images.replaceAll(image -> image.resize(40, 30, Filter.BICUBIC));
        images.add(picture(4).resize(30, 40, Filter.BICUBIC));
        assertThat(examined(data(images), Dataset.empty(CLASSES)).qualityIssues())
                .noneMatch(finding -> finding.kind() == Finding.Kind.ODD_ASPECT);
    }

    @Test
    void whatAllHaveIsNotOdd() {
        List<Image> images = usual(30);
        images.replaceAll(image -> changed(image, 0.1, 0));
        assertThat(examined(data(images), Dataset.empty(CLASSES)).qualityIssues())
                .isEmpty();
    }

    @Test
    void tellsCopiesLooksAndContradictionsApart() {
        List<Image> images = usual(6);
        images.add(picture(100)); // a copy of the first
        images.add(changed(picture(101), 0.9, 10)); // like the second
        images.add(picture(102)); // a copy of the third, of another class
        var found = examined(data(images, 0, 0, 0, 0, 0, 0, 0, 0, 1), Dataset.empty(CLASSES))
                .copies(List.of());
        assertThat(found)
                .extracting(Finding::kind, Finding::path, Finding::other, Finding::action)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                Finding.Kind.DUPLICATE, "image #6", "image #0", Finding.Action.REMOVE),
                        org.assertj.core.groups.Tuple.tuple(
                                Finding.Kind.NEAR_DUPLICATE, "image #7", "image #1", Finding.Action.KEEP),
                        org.assertj.core.groups.Tuple.tuple(
                                Finding.Kind.CONTRADICTION, "image #8", "image #2", Finding.Action.REMOVE),
                        org.assertj.core.groups.Tuple.tuple(
                                Finding.Kind.CONTRADICTION, "image #2", "image #8", Finding.Action.REMOVE));
    }

    @Test
    void anImageInTwoPartsIsALeakAndTheTrainingImageIsTheOneToGo() {
        List<Image> test = new ArrayList<>(List.of(picture(103), changed(picture(104), 0.9, 10)));
        var found = examined(data(usual(6)), data(test)).copies(List.of());
        assertThat(found)
                .extracting(Finding::kind, Finding::path, Finding::part, Finding::action)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                Finding.Kind.LEAK, "image #3", "train", Finding.Action.REMOVE),
                        org.assertj.core.groups.Tuple.tuple(
                                Finding.Kind.LEAK, "image #4", "train", Finding.Action.KEEP));
    }

    @Test
    void aLeakIsFoundBesideACopyOrALookAlikeInItsOwnPart() {
        List<Image> train = usual(6);
        train.add(picture(103)); // a copy of the fourth
        List<Image> test = new ArrayList<>(List.of(
                picture(103), changed(picture(104), 0.9, 10), changed(changed(picture(104), 0.9, 10), 0.99, 1)));
        var found = examined(data(train), data(test)).copies(List.of());
        assertThat(found)
                .extracting(Finding::kind, Finding::path, Finding::part)
                .contains(
                        org.assertj.core.groups.Tuple.tuple(Finding.Kind.DUPLICATE, "image #6", "train"),
                        org.assertj.core.groups.Tuple.tuple(Finding.Kind.LEAK, "image #3", "train"),
                        org.assertj.core.groups.Tuple.tuple(Finding.Kind.NEAR_DUPLICATE, "image #2", "test"));
        assertThat(found.stream()
                        .filter(finding -> finding.kind() == Finding.Kind.LEAK
                                && finding.path().equals("image #4")))
                .hasSize(2); // of both test images that look like it
    }

    /** Their hashes are far apart; what brings them together is their embedding. */
    @Test
    void nearestEmbeddingsAreComparedToo() {
        List<Image> images = usual(2);
        images.add(changed(picture(100), 0.9, 10));
        Examined looked = examined(data(images), Dataset.empty(CLASSES));
        var looks = looked.looks();
        var apart = new ArrayList<>(looks);
        var last = looks.get(2);
        apart.set(
                2,
                new dev.fovea.image.Appearance(
                        last.size(),
                        last.brightness(),
                        last.contrast(),
                        last.sharpness(),
                        last.thumbnail(),
                        ~last.hash()));
        assertThat(NearDuplicates.of(apart, looked.parts(), List.of())).isEmpty();
        assertThat(NearDuplicates.of(apart, looked.parts(), List.of(List.of(2), List.of(0), List.of(1))))
                .extracting(NearDuplicates.Pair::first, NearDuplicates.Pair::second)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(0, 2));
    }

    @Test
    void unreadableImagesAreFindingsAndNothingElse() throws IOException {
        for (String name : List.of("rose/1", "rose/2", "tulip/1")) {
            Path file = folder.resolve(name + ".png");
            Files.createDirectories(file.getParent());
            Image.write(file, picture(name.hashCode()));
        }
        Files.writeString(folder.resolve("tulip/2.png"), "<!DOCTYPE html>");
        Examined images = Examined.of(Data.open(folder.toString(), Data.Options.of()));
        assertThat(images.data().size()).isEqualTo(3);
        assertThat(images.unreadable()).hasSize(1).first().satisfies(one -> {
            assertThat(one.path()).endsWith("2.png");
            assertThat(one.given()).isEqualTo("tulip");
            assertThat(one.action()).isEqualTo(Finding.Action.REMOVE);
            assertThat(one.other()).contains("not an image");
        });
    }

    @Test
    void clipsAreRefused() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Examined.of(MovingShapes.splits()))
                .withMessage("an audit looks at images, these are clips");
    }
}
