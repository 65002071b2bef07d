package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import org.junit.jupiter.params.provider.ValueSource;

/** Lists that say several labels, or numbers. */
class CsvTargetsTest {

    private static final TargetKind LABELS = new TargetKind.SeveralLabels(false);

    @TempDir
    private Path folder;

    private Path list;

    @BeforeEach
    void images() {
        for (String name : List.of("a.png", "b.png", "c.png")) {
            Image.write(folder.resolve(name), new Image(2, 2, 3, new byte[12]));
        }
        list = folder.resolve("list.csv");
    }

    private static TargetKind numbers(String... columns) {
        return new TargetKind.Numbers(List.of(columns));
    }

    private Splits open(TargetKind kind, String text) throws IOException {
        Files.writeString(list, text);
        return Data.open(list.toString(), Data.Options.of().withTargets(kind));
    }

    private void refused(TargetKind kind, String text, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(kind, text))
                .withMessage(list + message);
    }

    private static boolean[] present(Dataset data, int index) {
        return ((Target.Labels) data.target(index)).present();
    }

    private static float[] values(Dataset data, int index) {
        return ((Target.Values) data.target(index)).numbers();
    }

    @Test
    void labelsOfACellAreAllThere() throws IOException {
        Dataset train = open(LABELS, "path,label\na.png,dog|cat\nb.png, bird | cat \nc.png,dog\n")
                .train();
        assertThat(train.classes()).containsExactly("bird", "cat", "dog");
        assertThat(present(train, 0)).containsExactly(false, true, true);
        assertThat(present(train, 1)).containsExactly(true, true, false);
        assertThat(train.counts()).containsExactly(1, 2, 2);
        assertThat(train.targetText(0)).isEqualTo("cat, dog");
    }

    @ParameterizedTest
    @ValueSource(strings = {"path,labels", "file;tags"})
    void anEmptyCellBelowAPluralSaysThatThereIsNone(String headings) throws IOException {
        String row = headings.contains(";") ? "a.png;cat\nb.png;\n" : "a.png,cat\nb.png,\n";
        Dataset train = open(LABELS, headings + "\n" + row).train();
        assertThat(present(train, 1)).containsExactly(false);
        assertThat(train.targetText(1)).isEqualTo("no label");
    }

    @Test
    void anEmptyCellIsOtherwiseNamedByItsLine() throws IOException {
        String text = "path,label\na.png,cat\nb.png,\n";
        refused(
                LABELS,
                text,
                ":3: no label. Expected one or more, separated by |; if images without a label are meant, call the column labels or set task.allowEmpty=true");
        assertThat(open(new TargetKind.SeveralLabels(true), text).train().size())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "cat||dog, an empty label in 'cat||dog'. Expected labels separated by one |",
        "cat|, an empty label in 'cat|'. Expected labels separated by one |",
        "cat|dog|cat, the label 'cat' stands twice in 'cat|dog|cat'. Leave one of them out"
    })
    void aFaultyCellIsNamedByItsLine(String cell, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(LABELS, "path,label\na.png,cat\n\nb.png," + cell + "\n"))
                .withMessageStartingWith(list + ":4: " + message);
    }

    @Test
    void aLabelThatTrainingLacksIsNamedByItsLine() {
        refused(
                LABELS,
                "path,label,split\na.png,cat|dog,train\nb.png,cat|bird,test\n",
                ":3: the test part has a class 'bird' that the train part does not have");
    }

    @Test
    void oneClassAnImageKeepsTheSignAndSaysSo() throws IOException {
        Splits splits = open(TargetKind.ONE_CLASS, "path,label\na.png,cat|dog\nb.png,cat\n");
        assertThat(splits.train().classes()).containsExactly("cat", "cat|dog");
        assertThat(splits.notes()).anyMatch(note -> note.contains(":2: 'cat|dog' is read as one class"));
        assertThat(open(TargetKind.ANY, "path,label\na.png,cat|dog\nb.png,cat\n")
                        .train()
                        .classes())
                .containsExactly("cat", "dog");
    }

    @Test
    void numbersAreReadFromTheColumnsThatAreNamed() throws IOException {
        Splits splits = open(
                numbers("height", "age"),
                "file,age,name,height,split\na.png,3,x,1.5,train\nb.png,-4e1,y,.25,train\nc.png,5,z,+7,val\n");
        assertThat(splits.train().classes()).containsExactly("height", "age");
        assertThat(values(splits.train(), 0)).containsExactly(1.5f, 3);
        assertThat(values(splits.train(), 1)).containsExactly(0.25f, -40);
        assertThat(values(splits.validation(), 0)).containsExactly(7, 5);
        assertThat(splits.train().targetText(1)).isEqualTo("height 0.25, age -40");
        assertThat(splits.notes()).anyMatch(note -> note.endsWith("columns that are not used: name"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"path,age\na.png,3\n", "path;years\na.png;3\n", "a.png,3\n"})
    void theOnlyOtherColumnNeedsNoName(String text) throws IOException {
        assertThat(values(open(numbers(), text).train(), 0)).containsExactly(3);
    }

    @Test
    void aPathColumnOfAnyNameIsTheFirst() throws IOException {
        assertThat(values(open(numbers("age"), "photo,age\na.png,3\n").train(), 0))
                .containsExactly(3);
    }

    @Test
    void severalColumnsMustBeNamed() {
        refused(
                numbers(),
                "path,age,height\na.png,3,4\n",
                ":1: which numbers are to be learned? Name columns in task.targets, of age, height");
    }

    @Test
    void aColumnThatIsNotThereIsNamedWithTheNearest() {
        refused(
                numbers("aeg"),
                "path,age,height\na.png,3,4\n",
                ":1: no column is called 'aeg', did you mean 'age'? its columns are path, age, height");
        refused(
                numbers("age"),
                "a.png,3\n",
                ":1: no column is called 'age'. Expected a first line that names the columns, as path,age");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "old, 'old' in column 'age' is no finite number. Expected one such as 37.5",
                "NaN, 'NaN' in column 'age' is no finite number",
                "inf, 'inf' in column 'age' is no finite number",
                "1e60, '1e60' in column 'age' is no finite number",
                "0x1p3, '0x1p3' in column 'age' is no finite number",
                "3:5, '3:5' in column 'age' is no finite number"
            })
    void whatIsNoNumberIsNamedByItsLine(String cell, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(numbers("age"), "path,age\na.png,3\nb.png," + cell + "\n"))
                .withMessageStartingWith(list + ":3: " + message)
                .withMessageEndingWith("; correct it or leave the row out");
    }

    @Test
    void anEmptyCellOrACommaIsNoNumber() {
        refused(
                numbers("age"),
                "path,age\na.png,3\nb.png,\n",
                ":3: an empty cell in column 'age' is no finite number. Expected one such as 37.5; correct it or leave the row out");
        refused(
                numbers("age"),
                "path;age\na.png;3\nb.png;3,5\n",
                ":3: '3,5' in column 'age' is no finite number. Expected one such as 37.5, with a point for the comma; correct it or leave the row out");
    }

    @Test
    void foldersOfClassesSayNeither() throws IOException {
        Files.createDirectories(folder.resolve("set/cat"));
        Files.copy(folder.resolve("a.png"), folder.resolve("set/cat/a.png"));
        for (String place : List.of(folder.resolve("set").toString(), "shapes")) {
            assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> Data.open(place, Data.Options.of().withTargets(LABELS)))
                    .withMessage(
                            place
                                    + ": has one class for each image. Several labels an image are read from a CSV file, as path,labels with labels separated by |, or from the built-in data shape-scenes");
            assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> Data.open(place, Data.Options.of().withTargets(numbers("age", "height"))))
                    .withMessageContaining("Numbers are read from a CSV file, as path,age,height, or");
        }
    }

    @Test
    void scenesSayBothOfTheSameImages() {
        Splits labels = Data.open("shape-scenes", Data.Options.of().withTargets(LABELS));
        Splits counts = Data.open("shape-scenes", Data.Options.of().withTargets(numbers("x", "count", "area")));
        for (int i = 0; i < 40; i++) {
            int there = 0;
            for (boolean one : present(labels.train(), i)) {
                there += one ? 1 : 0;
            }
            float[] numbers = values(counts.train(), i);
            assertThat(numbers[1]).isEqualTo(there);
            assertThat(numbers[2] == 0).isEqualTo(there == 0);
            assertThat(numbers[0]).isBetween(5f, 95f);
        }
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Data.open("shape-scenes", Data.Options.of().withTargets(numbers("size"))))
                .withMessage("shape-scenes: has no numbers 'size'. There are count, area, x, y");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Data.open("shape-scenes", Data.Options.of()))
                .withMessageStartingWith("shape-scenes: shows several shapes an image, and one class each is wanted");
    }
}
