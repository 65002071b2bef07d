package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.image.Image;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvDataTest {

    @TempDir
    Path folder;

    private Path list;

    @BeforeEach
    void images() throws IOException {
        var png = new ByteArrayOutputStream();
        javax.imageio.ImageIO.write(new Image(2, 2, 3, new byte[12]).toBufferedImage(), "png", png);
        for (String name : new String[] {"a.png", "b.png", "x,y.png", "sub/1.png", "sub/2.png"}) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.write(folder.resolve(name), png.toByteArray());
        }
        list = folder.resolve("list.csv");
    }

    private Splits open(String text) throws IOException {
        return open(text, StandardCharsets.UTF_8);
    }

    private Splits open(String text, Charset charset) throws IOException {
        Files.write(list, text.getBytes(charset));
        return Data.open(list.toString(), Data.Options.of());
    }

    private void refused(String text, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(text))
                .withMessage(list + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.png,cat\nb.png,dog\n",
                "\uFEFFa.png,cat\nb.png,dog\n",
                "\uFEFFpath,label\r\na.png,cat\r\nb.png,dog\r\n",
                "filename,class\na.png,cat\nb.png,dog\n",
                "Image Path;Category\n\"a.png\";cat\nb.png;dog\n",
                "labels\tfile_name\tnr\ncat\ta.png\t1\ndog\tb.png\t2",
                "a.png;cat\n\n\nb.png;dog\n",
                "class id,filepaths,labels,data set\n0,a.png,cat,train\n1,b.png,dog,train\n",
                ".\\a.png,cat\n.\\b.png,dog\n"
            })
    void listsAreReadAsPeoplesProgramsWriteThem(String text) throws IOException {
        Dataset train = open(text).train();
        assertThat(train.classes()).containsExactly("cat", "dog");
        assertThat(train.size()).isEqualTo(2);
        assertThat(train.image(1).width()).isEqualTo(2);
    }

    @Test
    void aCommaInANameDoesNotPart() throws IOException {
        assertThat(open("x,y.png;cat\na.png;dog\n").train().classes()).containsExactly("cat", "dog");
    }

    @Test
    void otherEncodingsKeepTheirLettersAndAreSaid() throws IOException {
        Splits latin = open("path,label\na.png,Gr\u00f6\u00dfe\nb.png,\u20ac\n", Charset.forName("windows-1252"));
        assertThat(latin.train().classes()).containsExactly("Gr\u00f6\u00dfe", "\u20ac");
        assertThat(latin.notes()).anyMatch(note -> note.contains("not in UTF-8, and read as Latin-1"));
        assertThat(open("path\tlabel\na.png\tGr\u00f6\u00dfe\nb.png\tc\n", StandardCharsets.UTF_16)
                        .train()
                        .classes())
                .contains("Gr\u00f6\u00dfe");
    }

    @Test
    void aSplitColumnMakesParts() throws IOException {
        Splits splits = open("path,label,split\na.png,cat,train\nb.png,dog,Training\na.png,cat,val\nb.png,dog,test\n");
        assertThat(splits.train().counts()).containsExactly(1, 1);
        assertThat(splits.validation().counts()).containsExactly(1, 0);
        assertThat(splits.test().counts()).containsExactly(0, 1);
        Splits unnamed = open("a.png,cat,train\nb.png,dog,train\nb.png,dog,test\n");
        assertThat(unnamed.test().size()).isEqualTo(1);
        assertThat(unnamed.notes()).anyMatch(note -> note.contains("its third column names parts"));
        refused(
                "path,label,split\na.png,cat,train\nb.png,dog,3\n",
                ":3: the part '3' is none of train, validation and test");
        refused(
                "path,label,split\na.png,cat,train\nb.png,dog,test\n",
                ":3: the test part has a class 'dog' that the train part does not have");
        assertThat(open("path,label,set\na.png,cat,A\nb.png,dog,B\n").notes())
                .anyMatch(note -> note.endsWith("columns that are not used: set"));
    }

    @Test
    void aRowIsNeverTakenForHeadings() throws IOException {
        assertThat(open("a.png,class\nb.png,y\n").train().classes()).containsExactly("class", "y");
        refused(
                "none.png,y\nb.png,x\n",
                ":1: no such image: none.png. If this line names the columns, call them path and label");
    }

    @Test
    void anOpenQuoteIsNamedByItsLine() {
        String message = ": a quote is opened here and not closed before the line or column ends";
        refused("path,label\na.png,cat\n\n\"b.png,dog\n", ":4" + message);
        refused("a.png,cat\n\"b.png,dog\na.png,cat\n\"b.png\",dog\n", ":2" + message);
        refused("a.png,cat\n\"b.png\"x,dog\n", ":2" + message);
    }

    @Test
    void whatIsNoTextIsRefusedByItsLine() {
        refused("a.png,cat\nb\0.png,dog\n", ":2: holds a NUL character. Expected a text file of path,label");
        refused("", ": no rows. Expected lines of path,label");
        refused("\uFEFF", ": no rows. Expected lines of path,label");
    }

    @Test
    void devicesAndFoldersAreNoImages() {
        refused("a.png,cat\n/dev/null,dog\n", ":2: /dev/null is a device or pipe. Expected a file");
        refused("/dev/zero,dog\na.png,cat\n", ":1: /dev/zero is a device or pipe. Expected a file");
        refused(
                "a.png,cat\n/,dog\n",
                ":2: / is a folder, but line 1 names an image. A list holds images or clips, not both");
        refused(
                "sub,cat\na.png,dog\n",
                ":2: a.png is an image, but line 1 names a clip. A list holds images or clips, not both");
    }

    @Test
    void aFolderInAListIsOneClipAndNothingBelowIt() throws IOException {
        Files.createDirectories(folder.resolve("sub/deep"));
        Files.copy(folder.resolve("a.png"), folder.resolve("sub/deep/3.png"));
        assertThat(open("sub,cat\nsub,dog\n").train().frames(0)).isEqualTo(2);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> open("/,cat\nsub,dog\n"))
                .withMessageContaining("no frames in this folder");
    }

    @Test
    void foreignLineBreaksAreShown() {
        refused("a.png,cat\nb\u001b[2J.png,dog\n", ":2: no such image: b\\u001b[2J.png");
    }

    @Test
    void anyDamageEndsInOneSentence() throws IOException {
        byte[] whole =
                "path,label,split\n\"a.png\",cat,train\nb.png,\"d\"\"og\",test\n".getBytes(StandardCharsets.UTF_8);
        byte[] signs = {'"', ',', '\n', '\r', 0, (byte) 0xFF, (byte) 0xC3, ';', '\t', '/', 27};
        var random = new Random(3);
        for (int i = 0; i < 500; i++) {
            byte[] bad = whole.clone();
            for (int k = 0; k < 3; k++) {
                bad[random.nextInt(bad.length)] = signs[random.nextInt(signs.length)];
            }
            Files.write(list, bad);
            try {
                Data.open(list.toString(), Data.Options.of());
            } catch (DataException e) {
                assertThat(e.getMessage()).startsWith(list + ":").doesNotContain("null", "\n", "\u001b");
            }
        }
    }

    @Test
    void dataThatIsADeviceIsRefused() {
        for (String format : new String[] {"", "csv", "folder"}) {
            assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> Data.open("/dev/zero", Data.Options.of().withFormat(format)))
                    .withMessage(
                            "/dev/zero: a device or pipe. Expected a folder, or a file that is a .tar, .tar.gz, .zip or .csv");
        }
    }
}
