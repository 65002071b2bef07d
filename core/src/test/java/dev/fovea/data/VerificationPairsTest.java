package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.image.Image;
import dev.fovea.io.AtomicFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerificationPairsTest {

    @TempDir
    private Path folder;

    private Dataset people;

    /** Three people in the layout of Labeled Faces in the Wild, of 3, 2 and 1 images. */
    @BeforeEach
    void write() {
        write("Ada_B", 1, 2, 3);
        write("Bo", 1, 2);
        write("Cy", 4);
        people = Data.open(folder.resolve("lfw").toString(), Data.Options.of()).train();
    }

    private void write(String name, int... numbers) {
        Path of = folder.resolve("lfw").resolve(name);
        of.toFile().mkdirs();
        for (int number : numbers) {
            Image.write(
                    of.resolve("%s_%04d.png".formatted(name, number)),
                    new Image(2, 2, 1, new byte[4]).toBufferedImage());
        }
    }

    private VerificationPairs read(String text) {
        Path file = folder.resolve("pairs.txt");
        AtomicFile.write(file, text);
        return VerificationPairs.read(file, people);
    }

    private String name(int index) {
        String name = people.name(index);
        return name.substring(name.lastIndexOf('/') + 1);
    }

    @Test
    void foldsHavePairsOfOneThenOfTwo() {
        var pairs = read("2\t1\nAda_B\t1\t3\nAda_B\t2\tBo\t1\nBo\t1\t2\nCy\t4\tBo\t2\n");
        assertThat(pairs.folds()).hasSize(2);
        var second = pairs.folds().get(1);
        assertThat(second).extracting(VerificationPairs.Pair::same).containsExactly(true, false);
        assertThat(name(second.get(0).a())).isEqualTo("Bo_0001.png");
        assertThat(name(second.get(0).b())).isEqualTo("Bo_0002.png");
        assertThat(name(second.get(1).a())).isEqualTo("Cy_0004.png");
        assertThat(name(second.get(1).b())).isEqualTo("Bo_0002.png");
        assertThat(pairs.images()).hasSize(6);
    }

    @Test
    void aListWithoutFoldsIsOne() {
        var pairs = read("1\r\nBo 1 2\r\nAda_B 1 Cy 4\r\n\r\n");
        assertThat(pairs.folds()).hasSize(1);
        assertThat(pairs.folds().get(0))
                .extracting(VerificationPairs.Pair::same)
                .containsExactly(true, false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1/Bo 1 2/Ada_B 1 Dan 4|:3: the data has nobody called 'Dan'",
                "1/Bo 1 3/Ada_B 1 Cy 4|:2: there is no image 3 of 'Bo'. Expected one file such as Bo_0003.jpg",
                "1/Bo 1 2/Ad_B 1 Cy 4|:3: the data has nobody called 'Ad_B', did you mean 'Ada_B'?",
                "1/Bo 1/Ada_B 1 Cy 4|:2: expected a pair of one identity, 'name i j', got 'Bo 1'",
                "1/Bo 1 x/Ada_B 1 Cy 4|:2: expected a number, got 'x'",
                "10 300/Bo 1 2/Ada_B 1 Cy 4|:1: says 10 folds with 300 pairs of one identity and as many of two, 6000 lines in all, and 2 follow.",
                "people/Bo 1 2|:1: expected a number, got 'people'",
            })
    void namesTheLineOfWhatIsWrong(String lines, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> read(lines.replace('/', '\n')))
                .withMessageContaining("pairs.txt" + message);
    }

    @Test
    void anEmptyOrBinaryFileIsNoList() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> read(""))
                .withMessageContaining("pairs.txt:1: expected the number of folds");
        Path image = folder.resolve("lfw/Cy/Cy_0004.png");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> VerificationPairs.read(image, people))
                .withMessageContaining("cannot be read as a list of pairs");
    }

    @Test
    void numbersAreThoseAtTheEndOfNames() {
        List<String> names = List.of("12.png", "a_0012.pgm", "x7y12.jpeg");
        var images = names.stream().map(name -> new Image(1, 1, 1, new byte[1])).toList();
        for (String name : names) {
            Dataset one = new Named(Dataset.of(images, List.of("s1"), new int[3]), name);
            Path file = folder.resolve("pairs.txt");
            AtomicFile.write(file, "1\ns1 12 12\ns1 12 s1 12\n");
            assertThat(VerificationPairs.read(file, one.subset(1)).images()).containsExactly(0);
        }
    }

    /** All of one name. */
    private record Named(Dataset data, String name) implements DerivedDataset {
        @Override
        public String name(int index) {
            return "folder/s1/" + name;
        }
    }
}
