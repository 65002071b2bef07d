package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.data.AnnotationCorrections;
import dev.fovea.data.Conversion;
import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.data.TargetKind;
import dev.fovea.image.Image;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrectionsTest {

    @TempDir
    Path folder;

    private Path data;
    private Path list;

    @BeforeEach
    void images() throws IOException {
        data = folder.resolve("flowers");
        list = Corrections.listOf(data);
        int value = 0;
        for (String name : List.of("train/rose/1", "train/rose/2", "train/tulip/1", "test/rose/1", "test/tulip/1")) {
            Path file = data.resolve(name + ".png");
            Files.createDirectories(file.getParent());
            Image.write(file, new Image(2, 1, 1, new byte[] {(byte) value++, 9}));
        }
    }

    private Splits opened() {
        return Data.open(data.toString(), Data.Options.of());
    }

    private static List<String> labels(dev.fovea.data.Dataset data) {
        return IntStream.range(0, data.size())
                .mapToObj(i -> Path.of(data.name(i)).getFileName() + " " + data.targetText(i))
                .toList();
    }

    private static Finding tulip(String name) {
        return Corrections.relabelling("flowers/train/rose/" + name, "train", "rose", "tulip");
    }

    @Test
    void theListLiesBesideTheDataAndIsCountedFromThere() {
        assertThat(list).isEqualTo(folder.resolve("flowers.corrections.csv"));
        assertThat(ImagePlaces.named(data.resolve("train/rose/1.png").toString(), folder))
                .isEqualTo("flowers/train/rose/1.png");
        assertThat(ImagePlaces.named("shapes 1 #3", folder)).isEqualTo("shapes 1 #3");
    }

    @Test
    void correctedDataIsWithoutWhatIsLeftOutAndHasTheNewLabels() {
        Corrections corrections = Corrections.read(list)
                .with(List.of(tulip("1.png"), Corrections.removal("flowers/test/tulip/1.png", "test", "tulip")));
        Splits corrected = corrections.apply(opened());
        assertThat(labels(corrected.train())).containsExactly("1.png tulip", "2.png rose", "1.png tulip");
        assertThat(labels(corrected.test())).containsExactly("1.png rose");
        assertThat(corrected.notes()).contains(list + ": 1 images left out, 1 with another label");
        assertThat(corrected.files()).containsKey("corrections.csv");
        assertThat(labels(opened().train())).containsExactly("1.png rose", "2.png rose", "1.png tulip");
    }

    @Test
    void aRunAsksForCorrectedDataByItsList() {
        Corrections.read(list).with(List.of(tulip("2.png"))).write();
        Splits trained = DataRequest.of(data.toString())
                .withCorrections(list)
                .open(Tasks.ALL.recipes().of("cifar-cnn", List.of()));
        assertThat(labels(trained.train())).contains("2.png tulip");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> DataRequest.of(data.toString())
                        .withCorrections(folder.resolve("none.csv"))
                        .open(Tasks.ALL.recipes().of("cifar-cnn", List.of())))
                .withMessageEndingWith("none.csv: no such list of corrections");
    }

    @Test
    void cleaningTakesTheSameList() throws IOException {
        Corrections.read(list).with(List.of(tulip("1.png"))).write();
        Path clean = folder.resolve("clean.csv");
        assertThat(Cleaning.of(opened(), list, clean)).isEqualTo(new Cleaning(clean, 5, 0, 1, 0));
        assertThat(Files.readAllLines(clean)).contains("flowers/train/rose/1.png,tulip,train");
    }

    @Test
    void aPartOpenedAloneTakesItsCorrections() {
        Corrections corrections =
                Corrections.read(list).with(List.of(Corrections.removal("flowers/test/tulip/1.png", "test", "tulip")));
        Splits alone = corrections.apply(Data.open(data + ":test", Data.Options.of()));
        assertThat(labels(alone.train())).containsExactly("1.png rose");
    }

    @Test
    void whatCannotBeAppliedIsSaid() {
        Corrections none = Corrections.read(list);
        assertThat(none.apply(opened()).train().size()).isEqualTo(3);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> none.with(List.of(tulip("9.png"))).apply(opened()))
                .withMessage(
                        list
                                + ": none of its 1 images is in the data, such as 'flowers/train/rose/9.png'. Name the data that it is about");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> none.with(
                                List.of(Corrections.relabelling("flowers/train/rose/1.png", "train", "rose", "tullip")))
                        .apply(opened()))
                .withMessageContaining(
                        "the new label 'tullip' of 'flowers/train/rose/1.png' is none of the data's classes, did you mean 'tulip'");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> none.with(
                                List.of(Corrections.relabelling("flowers/train/rose/1.png", "train", "tulip", "rose")))
                        .apply(opened()))
                .withMessageContaining("as 'tulip', which the data gives the label 'rose'");
    }

    @Test
    void changesAreWrittenAtOnceUndoneAndDoneAgain() throws IOException {
        var log = new CorrectionLog(list);
        log.change(List.of(tulip("1.png")), List.of());
        log.change(List.of(Corrections.removal("flowers/train/rose/1.png", "train", "rose")), List.of());
        assertThat(new CorrectionLog(list).now().all())
                .extracting(Finding::action)
                .containsExactly(Finding.Action.REMOVE);
        log.undo();
        assertThat(Files.readString(list)).contains("relabel");
        log.undo();
        assertThat(list).doesNotExist();
        assertThat(log.undo()).isEmpty();
        log.redo();
        log.redo();
        assertThat(log.now().all()).extracting(Finding::action).containsExactly(Finding.Action.REMOVE);
        log.change(List.of(), log.now().all());
        assertThat(list).doesNotExist();
        log.undo();
        assertThat(log.now().all()).hasSize(1);
        assertThat(log.redoable()).isEqualTo(1);
    }

    @Test
    void aChangeThatIsNamedIsUndoneOnlyWhileItIsTheLast() {
        var log = new CorrectionLog(list);
        String first = log.change(List.of(tulip("1.png")), List.of());
        String second = log.change(List.of(tulip("2.png")), List.of());
        assertThat(log.undo(first)).isEmpty();
        assertThat(log.now().all()).hasSize(2);
        assertThat(log.undo(second)).isPresent();
        assertThat(log.undo(second)).isEmpty();
        log.redo();
        assertThat(log.undo(second)).isPresent();
        assertThat(log.undo(first)).isPresent();
        assertThat(list).doesNotExist();
    }

    @Test
    void aRunGoesOnWithTheCorrectionsThatItBeganWith() throws IOException {
        Corrections.read(list).with(List.of(tulip("2.png"))).write();
        var recipe = Tasks.ALL.recipes().of("cifar-cnn", List.of());
        DataRequest request = DataRequest.of(data.toString()).withCorrections(list);
        Path run = Files.createDirectories(folder.resolve("runs/flowers-1"));
        Files.writeString(
                run.resolve("corrections.csv"), request.open(recipe).files().get("corrections.csv"));
        Corrections.read(list).with(List.of(tulip("1.png"))).write();
        assertThat(labels(request.openFor(run, recipe).train()))
                .containsExactly("1.png rose", "2.png tulip", "1.png tulip");
        Files.delete(list);
        assertThat(labels(request.openFor(run, recipe).train())).contains("2.png tulip");
    }

    @Test
    void aRunGoesOnWithTheObjectsThatItBeganWith() throws IOException {
        Splits scenes = Data.open("shape-scenes", Data.Options.of().withTargets(TargetKind.BOXES));
        Path boxes = Conversion.of(
                        new Splits(
                                scenes.train().subset(IntStream.range(0, 30).toArray()),
                                scenes.validation().subset(0),
                                scenes.test().subset(0),
                                List.of()),
                        "voc",
                        folder.resolve("scenes"))
                .folder();
        Splits before = Data.open(boxes.toString(), Data.Options.of().withTargets(TargetKind.BOXES));
        AnnotationCorrections.of(boxes, before)
                .with(before, "train", 0, List.of())
                .write();
        DataRequest request = DataRequest.of(AnnotationCorrections.file(boxes).toString());
        Recipe recipe = Tasks.ALL.recipe("fovea-det");
        Path run = Files.createDirectories(folder.resolve("runs/scenes-1"));
        Files.writeString(
                run.resolve("corrected.json"), request.open(recipe).files().get("corrected.json"));
        AnnotationCorrections.of(boxes, before).without(before, "train", 0).write();
        assertThat(((Target.Objects) request.open(recipe).train().target(0)).boxes())
                .isNotEmpty();
        assertThat(((Target.Objects) request.openFor(run, recipe).train().target(0)).boxes())
                .isEmpty();
    }

    @Test
    void aDamagedListIsNeitherTakenNorWrittenOver() throws IOException {
        var log = new CorrectionLog(list);
        log.change(List.of(tulip("1.png")), List.of());
        Files.writeString(list, "path;part\nedited by hand");
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(DataException.class).isThrownBy(log::now);
        }
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> log.change(List.of(tulip("2.png")), List.of()));
        assertThat(Files.readString(list)).contains("edited by hand");
    }

    @Test
    void aListThatAnotherProgramWroteIsReadAnew() {
        var log = new CorrectionLog(list);
        log.change(List.of(tulip("1.png")), List.of());
        Corrections.read(list).with(List.of(tulip("2.png"))).write();
        assertThat(log.now().all()).hasSize(2);
        assertThat(log.undoable()).isZero();
    }
}
