package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.image.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotationCorrectionsTest {

    private static final Data.Options BOXES = Data.Options.of().withTargets(TargetKind.BOXES);
    private static final Box BOX = new Box(3, 4, 20, 31.5);

    @TempDir
    private Path folder;

    private Path written(String form) {
        Splits scenes = Data.open("shape-scenes", Data.Options.of().withTargets(new TargetKind.Boxes(true, false)));
        var few = new Splits(
                scenes.train().subset(IntStream.range(0, 30).toArray()),
                scenes.validation().subset(0, 1),
                scenes.test().subset(0),
                List.of());
        return Conversion.of(few, form, folder.resolve("scenes")).folder();
    }

    private static Splits open(Path path) {
        return Data.open(path.toString(), BOXES);
    }

    private static Target.Objects objects(Splits data, String part, int index) {
        return (Target.Objects) data.part(part).target(index);
    }

    @ParameterizedTest
    @ValueSource(strings = {"coco", "voc", "yolo", "csv"})
    void correctsOneImageAndLeavesTheOthersAndTheData(String form) {
        Path data = written(form);
        Path given = form.equals("csv") ? data.resolve("boxes.csv") : data;
        Splits before = open(given);
        AnnotationCorrections.of(given, before)
                .with(before, "validation", 1, List.of(DrawnObject.of(7, BOX)))
                .write();
        Splits after = open(AnnotationCorrections.file(given));
        assertThat(objects(after, "validation", 1).boxes()).containsExactly(BOX);
        assertThat(objects(after, "validation", 1).labels()).containsExactly(7);
        assertThat(after.validation().counts()[7]).isGreaterThanOrEqualTo(1);
        assertThat(objects(after, "validation", 0)).isEqualTo(objects(before, "validation", 0));
        assertThat(objects(after, "train", 2)).isEqualTo(objects(before, "train", 2));
        assertThat(after.train().image(1).pixels())
                .isEqualTo(before.train().image(1).pixels());
        assertThat(open(given).validation().target(1))
                .isEqualTo(before.validation().target(1));
    }

    @Test
    void keepsOutlinesThatNobodyDrewAnew() {
        Path data = written("coco");
        var options = Data.Options.of().withTargets(new TargetKind.Boxes(true, false));
        Splits before = Data.open(data.toString(), options);
        var corrections = AnnotationCorrections.of(data, before);
        List<DrawnObject> drawn = corrections.objects(before, "train", 0, 1);
        DrawnObject first = drawn.get(0);
        var relabelled = new DrawnObject(9, first.box(), first.polygons(), false, first.origin());
        corrections.with(before, "train", 0, List.of(relabelled)).write();
        Splits after = Data.open(AnnotationCorrections.file(data).toString(), options);
        assertThat(objects(after, "train", 0).masks())
                .containsExactly(objects(before, "train", 0).masks().get(0));
        assertThat(objects(after, "train", 0).labels()).containsExactly(9);
        assertThat(AnnotationCorrections.of(data, before).objects(before, "train", 0, 1))
                .as("which object of the data it is, is found again")
                .containsExactly(relabelled);
    }

    @Test
    void polygonsAreLearnedAsClassesOfPixels() {
        Path data = written("coco");
        Splits before = Data.open(data.toString(), Data.Options.of().withTargets(TargetKind.ANY));
        var square = DrawnObject.of(2, List.of(List.of(10.0, 10.0, 20.0, 10.0, 20.0, 20.0, 10.0, 20.0)));
        AnnotationCorrections.of(data, before)
                .with(before, "train", 1, List.of(square))
                .write();
        Splits pixels = Data.open(
                AnnotationCorrections.file(data).toString(),
                Data.Options.of().withTargets(TargetKind.PIXELS).withSkipBroken(true));
        assertThat(pixels.files()).as("what a run keeps").containsKey(AnnotationCorrections.COPY);
        Mask mask = ((Target.PixelLabels) pixels.train().target(1)).classes();
        assertThat(mask.count()).isEqualTo(100);
        assertThat(mask.at(10, 19)).isEqualTo(3);
    }

    @Test
    void paintsOverClassesOfPixels() {
        var options = Data.Options.of().withTargets(TargetKind.PIXELS);
        Path data = folder.resolve("shapes");
        Splits before = Data.open("shapes", options);
        Mask old = ((Target.PixelLabels) before.test().target(5)).classes();
        var corner = DrawnObject.of(4, new Box(0, 0, 2, 3));
        var ignored = new DrawnObject(0, new Box(0, 0, 1, 1), List.of(), true, DrawnObject.DRAWN);
        AnnotationCorrections.of(data, before)
                .with(before, "test", 5, List.of(corner, ignored))
                .write();
        Mask now = ((Target.PixelLabels)
                        Data.open(AnnotationCorrections.file(data).toString(), options)
                                .test()
                                .target(5))
                .classes();
        assertThat(now.at(1, 2)).isEqualTo(4);
        assertThat(now.at(0, 0)).isEqualTo(Target.IGNORED);
        assertThat(now.at(2, 3)).isEqualTo(old.at(2, 3));
    }

    @Test
    void correctsBuiltInDataAndAddsClasses() {
        Splits before = Data.open("shape-scenes", BOXES);
        Path data = folder.resolve("shape-scenes");
        AnnotationCorrections.of(data, before)
                .withClass("</script><b>")
                .with(before, "train", 0, List.of(DrawnObject.of(10, BOX)))
                .write();
        Splits after = open(AnnotationCorrections.file(data));
        assertThat(after.train().classes()).hasSize(11).endsWith("</script><b>");
        assertThat(objects(after, "train", 0).labels()).containsExactly(10);
        var read = AnnotationCorrections.of(data, before);
        assertThat(read.corrected()).isEqualTo(1);
        assertThat(read.isCorrected("train", before.train().name(0))).isTrue();
        read.without(before, "train", 0).write();
        assertThat(open(AnnotationCorrections.file(data)).train().target(0))
                .as("runs may have been trained on the file: it stays")
                .isEqualTo(before.train().target(0));
    }

    @Test
    void withoutCorrectionsNoFileIsBegun() {
        Path data = written("voc");
        AnnotationCorrections.of(data, open(data)).write();
        assertThat(AnnotationCorrections.file(data)).doesNotExist();
    }

    @Test
    void aBraceInTheNameOfDataIsNoEndOfWhatTheFileSays() throws IOException {
        Path data = written("voc");
        Path braced = Files.move(data, data.resolveSibling("a}b"));
        Splits before = open(braced);
        AnnotationCorrections.of(braced, before)
                .with(before, "train", 0, List.of(DrawnObject.of(7, BOX)))
                .write();
        Path file = AnnotationCorrections.file(braced);
        assertThat(Coco.matches(new Tree("around", List.of(FolderFiles.file(List.of("a}b.corrected.json"), file)))))
                .isFalse();
    }

    @Test
    void oneImageIsCorrectedWithoutTheOthers() {
        Path data = written("voc");
        Splits before = open(data);
        var corrections = AnnotationCorrections.of(data, before)
                .with(before, "train", 0, List.of(DrawnObject.of(7, BOX)))
                .with(before, "train", 1, List.of(DrawnObject.of(6, BOX)));
        Dataset one = corrections.appliedTo(before, "train", 1);
        assertThat(((Target.Objects) one.target(1)).labels()).containsExactly(6);
        assertThat(one.target(0)).isEqualTo(before.train().target(0));
    }

    @Test
    void aRunGoesOnWithTheObjectsThatItBeganWith() throws IOException {
        Path data = written("voc");
        Splits before = open(data);
        AnnotationCorrections.of(data, before)
                .with(before, "train", 0, List.of(DrawnObject.of(7, BOX)))
                .write();
        Path file = AnnotationCorrections.file(data);
        Path copy = folder.resolve("run/corrected.json");
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, open(file).files().get(AnnotationCorrections.COPY));
        AnnotationCorrections.of(data, before)
                .with(before, "train", 0, List.of())
                .write();
        assertThat(objects(open(file), "train", 0).labels()).isEmpty();
        assertThat(objects(AnnotationCorrections.open(copy, file, BOXES), "train", 0)
                        .labels())
                .containsExactly(7);
    }

    @Test
    void refusesObjectsOutsideTheImageAndOfNoClass() {
        Path data = written("voc");
        Splits before = open(data);
        var none = AnnotationCorrections.of(data, before);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() ->
                        none.with(before, "train", 0, List.of(DrawnObject.of(0, new Box(100, 100, 120, 120)))))
                .withMessageContaining("lies outside the image");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> none.with(before, "train", 0, List.of(DrawnObject.of(99, BOX))))
                .withMessageContaining("from 0, got 99");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> none.with(before, "train", 0, List.of(DrawnObject.of(0, new Box(1, 1, 1.5, 9)))))
                .withMessageContaining("at least a pixel");
    }

    @Test
    void refusesCorrectionsOfWhatIsNotThere() throws IOException {
        Path data = written("voc");
        Splits before = open(data);
        AnnotationCorrections.of(data, before)
                .with(before, "train", 0, List.of(DrawnObject.of(0, BOX)))
                .write();
        Path file = AnnotationCorrections.file(data);
        String good = Files.readString(file);
        Files.writeString(file, good.replace("scenes/JPEGImages", "scenes/elsewhere"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(file))
                .withMessageContaining("1 of its images are not in scenes, such as 'scenes/elsewhere");
        Files.writeString(file, good.replace("\"corrects\":\"scenes\"", "\"corrects\":\"../scenes\""));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> AnnotationCorrections.read(file))
                .withMessageContaining("does not lie beside it");
        Files.writeString(file, good.substring(0, good.length() / 2));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> AnnotationCorrections.read(file))
                .withMessageContaining("cut off");
    }

    @Test
    void imagesAloneAreThoseOfTheData() {
        Path data = written("voc");
        Splits before = open(data);
        AnnotationCorrections.of(data, before)
                .with(before, "train", 0, List.of(DrawnObject.of(0, BOX)))
                .write();
        var plain = Data.Options.of().withLabelled(false);
        Splits images = Data.open(AnnotationCorrections.file(data).toString(), plain);
        assertThat(images.train().size())
                .isPositive()
                .isEqualTo(Data.open(data.toString(), plain).train().size());
    }

    @Test
    void listsOfCorrectionsAreNoDataOfTheFolderAroundThem() {
        Path data = written("voc");
        Splits before = open(data);
        AnnotationCorrections.of(data, before)
                .with(before, "train", 0, List.of(DrawnObject.of(0, BOX)))
                .write();
        assertThat(open(folder).train().target(0)).isEqualTo(before.train().target(0));
    }

    @Test
    void polygonsAroundAMaskFillItExactly() {
        String[] rows = {"..##..#", ".####.#", "##.##..", "....##."};
        byte[] values = new byte[28];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (rows[i / 7].charAt(i % 7) == '#' ? 1 : 0);
        }
        var mask = new Mask(new Size(4, 7), values);
        List<List<Double>> polygons = MaskPolygons.of(mask, 0, 1);
        byte[] drawn = new byte[28];
        for (List<Double> polygon : polygons) {
            float[] ring = new float[polygon.size()];
            for (int i = 0; i < ring.length; i++) {
                ring[i] = polygon.get(i).floatValue();
            }
            PolygonRaster.draw(ring, mask.size(), drawn);
        }
        assertThat(new Mask(mask.size(), drawn)).isEqualTo(mask);
        assertThat(polygons).hasSize(2);
    }

    @Test
    void polygonsHaveTheHolesOfAMaskAndThePiecesInThem() {
        var random = new SplittableRandom(7);
        int side = 24;
        byte[] values = new byte[side * side];
        for (int i = 0; i < values.length; i++) {
            double far = Math.max(Math.abs(i % side - 12), Math.abs(i / side - 12));
            values[i] = (byte) (far < 3 || far >= 6 && random.nextInt(8) > 0 ? 1 : 0);
        }
        var mask = new Mask(Size.square(side), values);
        List<float[]> rings = MaskPolygons.of(mask, 0, 1).stream()
                .map(AnnotationCorrectionsTest::floats)
                .toList();
        assertThat(new Outline.Polygons(rings).mask(mask.size(), BOX)).isEqualTo(mask);
    }

    @Test
    void polygonsHaveFewCornersWithinTheTolerance() {
        int side = 64;
        byte[] values = new byte[side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (Math.hypot(i % side - 32, i / side - 32.0) < 25 ? 1 : 0);
        }
        var mask = new Mask(Size.square(side), values);
        List<List<Double>> polygons = MaskPolygons.of(mask, 1, 1);
        assertThat(polygons).hasSize(1);
        assertThat(polygons.get(0)).hasSizeBetween(16, 60);
        var outline = new Outline.Polygons(List.of(floats(polygons.get(0))));
        assertThat(outline.mask(mask.size(), BOX).iou(mask)).isGreaterThan(0.95);
    }

    private static float[] floats(List<Double> numbers) {
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i).floatValue();
        }
        return floats;
    }
}
