package dev.fovea.data;

import static dev.fovea.data.ObjectFolder.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WiderTest {

    private static final String TRAIN = "wider_face_split/wider_face_train_bbx_gt.txt";

    private static final String LINES = """
            0--Parade/a.jpg
            2
            5 6 10 12 0 0 0 0 0 0\s
            20 3 8 9 2 0 0 1 1 0\s
            0--Parade/b.jpg
            0
            0 0 0 0 0 0 0 0 0 0\s
            1--Handshaking/c.jpg
            2
            1 1 4 0 0 0 0 0 0 0
            30 20 15 15 0 0 0 0 0 0
            """;

    @TempDir
    private Path path;

    private ObjectFolder folder;

    @BeforeEach
    void smallData() {
        folder = new ObjectFolder(path)
                .image("WIDER_train/images/0--Parade/a.jpg", 40, 30)
                .image("WIDER_train/images/0--Parade/b.jpg", 40, 30)
                .image("WIDER_train/images/1--Handshaking/c.jpg", 40, 30)
                .image("WIDER_val/images/0--Parade/a.jpg", 50, 30)
                .text(TRAIN, LINES);
    }

    private void refused(String lines, String message) {
        folder.text(TRAIN, lines);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> folder.boxes())
                .withMessageContaining("wider_face_train_bbx_gt.txt" + message);
    }

    @Test
    void facesHaveACornerAndASizeAndInvalidOnesAreIgnored() {
        Dataset train = folder.boxes().train();
        assertThat(train.classes()).containsExactly("face");
        assertThat(train.size()).isEqualTo(3);
        assertThat(objects(train, 0).boxes()).containsExactly(new Box(5, 6, 15, 18), new Box(20, 3, 28, 12));
        assertThat(objects(train, 0).ignore()).containsExactly(false, true);
    }

    @Test
    void anImageWithoutFacesHasALineOfZerosAllTheSame() {
        Dataset train = folder.boxes().train();
        assertThat(objects(train, 1).boxes()).isEmpty();
        assertThat(train.name(1)).endsWith("b.jpg");
        folder.text(TRAIN, LINES.replace("0 0 0 0 0 0 0 0 0 0 \n", ""));
        assertThat(folder.boxes().train().size()).isEqualTo(3);
    }

    @Test
    void facesWithoutAreaAreCountedAndBoxesBeyondTheImageClipped() {
        Splits splits = folder.boxes();
        assertThat(objects(splits.train(), 2).boxes()).containsExactly(new Box(30, 20, 40, 30));
        assertThat(splits.notes()).anyMatch(note -> note.endsWith("faces without width or height, left out: 1"));
    }

    @Test
    void partsHaveListsAndImagesOfTheirOwn() {
        folder.text("wider_face_split/wider_face_val_bbx_gt.txt", "0--Parade/a.jpg\n1\n1 1 5 5 0 0 0 0 0 0\n");
        Splits splits = folder.boxes();
        assertThat(splits.validation().size()).isEqualTo(1);
        assertThat(splits.validation().image(0).width()).isEqualTo(50);
        assertThat(splits.train().image(0).width()).isEqualTo(40);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0--Parade/a.jpg;x|:2: 'x' is no number. Expected the number of faces of '0--Parade/a.jpg'",
                "0--Parade/a.jpg|:2: the file is cut off. Expected the number of faces",
                "0--Parade/a.jpg;2;1 1 5 5 0 0 0 0 0 0|:1: the file is cut off: '0--Parade/a.jpg' has 2 faces, 1 follow",
                "0--Parade/a.jpg;1;1 1 5|:3: '1 1 5' is no face. Expected x y w h",
                "0--Parade/a.jpg;1;1 1 -5 5 0 0 0 0 0 0|:3: the box (1, 1, -4, 6) has a negative size",
                "0--Parade/z.jpg;1;1 1 5 5 0 0 0 0 0 0|:1: its image '0--Parade/z.jpg' is not there",
            })
    void saysInWhichLineWhatIsWrong(String lines, String message) {
        refused(lines.replace(';', '\n') + "\n", message);
    }

    @Test
    void isReadByNameAndConverted() {
        var options = Data.Options.of().withFormat("wider").withTargets(TargetKind.BOXES);
        assertThat(Data.open(path.toString(), options).train().size()).isEqualTo(3);
    }
}
