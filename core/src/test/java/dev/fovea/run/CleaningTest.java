package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.data.Data;
import dev.fovea.data.DataException;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CleaningTest {

    private static final String HEAD = "path,part,finding,score,given,proposed,action,other\n";

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void images() throws IOException {
        data = folder.resolve("flowers");
        int value = 0;
        for (String name : List.of("train/rose/1", "train/rose/2", "train/tulip/1", "test/rose/1", "test/tulip/1")) {
            Path file = data.resolve(name + ".png");
            Files.createDirectories(file.getParent());
            Image.write(file, new Image(2, 1, 1, new byte[] {(byte) value++, 9}));
        }
    }

    private Splits opened() {
        return Data.open(data.toString(), Data.Options.of().withNewClasses(true));
    }

    private Path findings(String... lines) throws IOException {
        return Files.writeString(
                folder.resolve("findings.csv"), HEAD + String.join("\n", lines).replace("FLOWERS", data.toString()));
    }

    @Test
    void theNewListHasTheActionsAndTheDataStaysAsItIs() throws IOException {
        Path list = folder.resolve("clean.csv");
        Cleaning cleaning = Cleaning.of(
                opened(),
                findings(
                        "FLOWERS/train/rose/1.png,train,label,0.9,rose,tulip,relabel,",
                        "FLOWERS/train/rose/2.png,train,label,0.8,rose,tulip,keep,",
                        "FLOWERS/test/rose/1.png,test,blurred,3,rose,,remove,"),
                list);
        assertThat(cleaning).isEqualTo(new Cleaning(list, 4, 1, 1, 0));
        assertThat(Files.readAllLines(list))
                .containsExactlyInAnyOrder(
                        "path,label,split",
                        "flowers/train/rose/1.png,tulip,train",
                        "flowers/train/rose/2.png,rose,train",
                        "flowers/train/tulip/1.png,tulip,train",
                        "flowers/test/tulip/1.png,tulip,test");
        Splits read = Data.open(list.toString(), Data.Options.of());
        assertThat(read.train().counts()).containsExactly(1, 2);
        assertThat(read.test().size()).isEqualTo(1);
        assertThat(opened().train().counts()).containsExactly(2, 1);
    }

    @Test
    void findingsOfOtherLabelsRemoveNothing() throws IOException {
        Path list = folder.resolve("clean.csv");
        Path changed = findings("FLOWERS/train/rose/1.png,train,label,0.9,tulip,rose,remove,");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Cleaning.of(opened(), changed, list))
                .withMessageContaining("findings.csv:2: is about")
                .withMessageContaining("as 'tulip', which the data gives the label 'rose'");
        assertThat(list).doesNotExist();
    }

    @Test
    void removingIsStrongerThanRelabelling() throws IOException {
        Cleaning cleaning = Cleaning.of(
                opened(),
                findings(
                        "FLOWERS/train/rose/1.png,train,label,0.9,rose,tulip,relabel,",
                        "FLOWERS/train/rose/1.png,train,dark,3,rose,,remove,",
                        "FLOWERS/train/rose/1.png,train,blurred,3,rose,,keep,"),
                folder.resolve("clean.csv"));
        assertThat(cleaning.removed()).isEqualTo(1);
        assertThat(cleaning.relabelled()).isZero();
    }

    @Test
    void imagesThatAreNoFilesAreWrittenBesideTheList() throws IOException {
        var memory = dev.fovea.data.Dataset.of(
                List.of(new Image(1, 1, 1, new byte[] {7}), new Image(1, 1, 1, new byte[] {8})),
                List.of("a", "b"),
                new int[] {0, 1});
        Path list = folder.resolve("clean.csv");
        Cleaning cleaning =
                Cleaning.of(Splits.trainOnly(memory, List.of()), findings("image #0,train,dark,7,a,,remove,"), list);
        assertThat(cleaning.copied()).isEqualTo(1);
        Splits read = Data.open(list.toString(), Data.Options.of());
        assertThat(read.train().image(0).pixels()).containsOnly(8);
        assertThat(read.train().name(0)).startsWith(folder.resolve("clean").toString());
    }

    private static Splits inMemory() {
        return Splits.trainOnly(
                dev.fovea.data.Dataset.of(
                        List.of(new Image(1, 1, 1, new byte[] {7}), new Image(1, 1, 1, new byte[] {8})),
                        List.of("a", "b"),
                        new int[] {0, 1}),
                List.of());
    }

    @Test
    void aFolderOfTheListsNameIsNotWrittenInto() throws IOException {
        Path own = folder.resolve("clean/train/000001.png");
        Files.createDirectories(own.getParent());
        Files.writeString(own, "somebody's own");
        Path list = folder.resolve("clean.csv");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Cleaning.of(inMemory(), findings("image #0,train,dark,7,a,,remove,"), list))
                .withMessage(
                        folder.resolve("clean")
                                + ": is there already, and the images of the list would be written into it. Give the list another name");
        assertThat(own).hasContent("somebody's own");
        assertThat(list).doesNotExist();
    }

    @Test
    void oneThatIsStoppedLeavesNothing() throws IOException {
        Path list = folder.resolve("clean.csv");
        Path file = findings("image #0,train,dark,7,a,,keep,");
        assertThatExceptionOfType(java.util.concurrent.CancellationException.class)
                .isThrownBy(() -> Cleaning.of(inMemory(), file, list, (done, all) -> {
                    assertThat(all).isEqualTo(2);
                    if (done == 1) {
                        throw new java.util.concurrent.CancellationException();
                    }
                }));
        try (var left = Files.list(folder)) {
            assertThat(left.map(one -> one.getFileName().toString())).noneMatch(name -> name.contains("clean"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "FLOWERS/train/rose/9.png,train,label,0.9,rose,tulip,remove,; findings.csv: 1 of its images are not in the data, such as 'FLOWERS/train/rose/9.png' (line 2). Name the data that was audited",
                "FLOWERS/train/rose/1.png,test,label,0.9,rose,tulip,remove,; findings.csv: 1 of its images are not in the data",
                "FLOWERS/train/rose/1.png,train,label,0.9,rose,tulip,delete,; findings.csv:2: unknown action 'delete'",
                "FLOWERS/train/rose/1.png,train,label,0.9,rose,tulip,romove,; findings.csv:2: unknown action 'romove', did you mean 'remove'",
                "FLOWERS/train/rose/1.png,train,labels,0.9,rose,tulip,keep,; findings.csv:2: unknown finding 'labels'",
                "FLOWERS/train/rose/1.png,train,label,high,rose,tulip,keep,; findings.csv:2: the score 'high' is not a number",
                "FLOWERS/train/rose/1.png,train,label,0.9,rose,tullip,relabel,; findings.csv:2: the new label 'tullip' is none of the data's classes, did you mean 'tulip'",
                "FLOWERS/train/rose/1.png,train,label,0.9,rose,,relabel,; findings.csv:2: the new label '' is none of the data's classes",
                "FLOWERS/train/rose/1.png,train,label; findings.csv:2: has 3 cells, the header has 8",
            })
    void refusesFindingsThatCannotBeApplied(String line, String message) throws IOException {
        Path file = findings(line);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Cleaning.of(opened(), file, folder.resolve("clean.csv")))
                .withMessageStartingWith(folder + "/")
                .withMessageContaining(message.replace("FLOWERS", data.toString()));
        assertThat(folder.resolve("clean.csv")).doesNotExist();
    }

    @Test
    void refusesTwoNewLabelsOfOneImage() throws IOException {
        Path file = findings(
                "FLOWERS/train/rose/1.png,train,label,0.9,rose,tulip,relabel,",
                "FLOWERS/train/rose/1.png,train,contradiction,1,rose,rose,relabel,");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Cleaning.of(opened(), file, folder.resolve("clean.csv")))
                .withMessageContaining(
                        ":3: gives the label 'rose' to an image that line 2 gives 'tulip'. Keep one of them");
    }

    @Test
    void refusesAnotherTableAndAListThatIsNone() throws IOException {
        Path table = Files.writeString(folder.resolve("table.csv"), "path,label\na.png,rose\n");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Cleaning.of(opened(), table, folder.resolve("clean.csv")))
                .withMessageContaining("has no column 'part'");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Cleaning.of(opened(), folder.resolve("none.csv"), folder.resolve("clean.csv")))
                .withMessageContaining("cannot be read");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Cleaning.of(opened(), table, folder.resolve("clean")))
                .withMessageContaining("ends in .csv");
    }

    @Test
    void findingsComeBackAsTheyWereWritten() {
        var finding = new Finding(
                "a, \"b\".png", "train", Finding.Kind.LABEL, 0.25, "rose", "tulip", Finding.Action.RELABEL, "c.png");
        Path file = folder.resolve("f.csv");
        Findings.write(file, List.of(finding));
        assertThat(Findings.read(file)).extracting(Findings.Line::finding).containsExactly(finding);
    }
}
