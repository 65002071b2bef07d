package dev.fovea.data;

import static dev.fovea.data.ObjectFolder.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.image.ImageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvBoxesTest {

    private static final String HEAD = "path,label,left,top,right,bottom\n";

    @TempDir
    Path path;

    private ObjectFolder folder;

    @BeforeEach
    void images() {
        folder = new ObjectFolder(path).image("a.png", 40, 20).image("sub/b.png", 10, 10);
    }

    private Splits open(String text, boolean skip) {
        folder.text("boxes.csv", text);
        return Data.open(
                path + "/boxes.csv",
                Data.Options.of().withTargets(TargetKind.BOXES).withSkipBroken(skip));
    }

    private void refused(String text, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(text, false))
                .withMessage(path + "/boxes.csv" + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "path,label,left,top,right,bottom\na.png,cat,1,2,11,12\na.png,dog,5,5,6.5,7\nsub/b.png,,,,,\n",
                "filename;class;xmin;ymin;xmax;ymax\na.png;cat;1;2;11;12\na.png;dog;5;5;6.5;7\nsub/b.png;;;;;\n",
                "filename,width,height,class,xmin,ymin,xmax,ymax\na.png,40,20,cat,1,2,11,12\na.png,40,20,dog,5,5,6.5,7\nsub/b.png,10,10,,,,,\n",
                "Image\tX\tY\tWidth\tHeight\tLabel\na.png\t1\t2\t10\t10\tcat\na.png\t5\t5\t1.5\t2\tdog\nsub/b.png\n",
                "\uFEFFpath,label,x1,y1,x2,y2,split\r\na.png,cat,1,2,11,12,train\r\na.png,dog,5,5,6.5,7,train\r\nsub/b.png,,,,,,train\r\n"
            })
    void tablesAreReadAsPeoplesProgramsWriteThem(String text) {
        Splits splits = open(text, false);
        assertThat(splits.train().classes()).containsExactly("cat", "dog");
        assertThat(objects(splits.train(), 0).boxes()).containsExactly(new Box(1, 2, 11, 12), new Box(5, 5, 6.5, 7));
        assertThat(objects(splits.train(), 1).boxes()).isEmpty();
        assertThat(splits.notes()).isEmpty();
        assertThat(Data.open(path + "/boxes.csv", Data.Options.of().withTargets(TargetKind.ANY))
                        .train()
                        .target(0))
                .isInstanceOf(Target.Objects.class);
    }

    @Test
    void otherEncodingsAreReadAsOfOtherTables() {
        folder.bytes("boxes.csv", (HEAD + "a.png,Gr\u00f6\u00dfe,1,2,3,4\n").getBytes(StandardCharsets.UTF_16));
        assertThat(Data.open(path + "/boxes.csv", Data.Options.of().withTargets(TargetKind.BOXES))
                        .train()
                        .classes())
                .containsExactly("Gr\u00f6\u00dfe");
    }

    @Test
    void aSplitColumnMakesParts() {
        Splits splits = open(
                "path,label,left,top,right,bottom,split\na.png,cat,1,2,3,4,train\nsub/b.png,cat,1,2,3,4,val\n", false);
        assertThat(splits.train().size()).isEqualTo(1);
        assertThat(splits.validation().size()).isEqualTo(1);
        refused(
                "path,label,left,top,right,bottom,split\na.png,cat,1,2,3,4,train\na.png,cat,1,2,3,4,val\n",
                ":3: 'a.png' belongs to the validation part here and to the train part before. Expected one part for all its lines");
        refused(
                "path,label,left,top,right,bottom,split\na.png,cat,1,2,3,4,train\nsub/b.png,dog,1,2,3,4,val\n",
                ":3: the validation part has a class 'dog' that the train part does not have");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.png,cat,1,2,3,x | 'x' in column 'bottom' is no number. Expected pixels, or no label and no box for an image without objects",
                "a.png,cat,1,2,3 | an empty cell in column 'bottom' is no number. Expected pixels, or no label and no box for an image without objects",
                "a.png,,1,2,3,4 | a box without a label. Expected path,label,left,top,right,bottom",
                "a.png,cat,3,2,1,4 | the box (3, 2, 1, 4) has a negative size. Expected left before right and top before bottom: correct or remove it",
                "a.png,cat,0.1,0.2,0.3,0.4 | the box (0.1, 0.2, 0.3, 0.4) is in shares of the image, it seems. Expected pixels: multiply it by the image's width and height",
                "none.png,cat,1,2,3,4 | no such image: none.png. Restore it, or remove the line",
                "sub,cat,1,2,3,4 | no such image: sub. Restore it, or remove the line"
            })
    void rowsThatCannotBeMeantAreRefused(String row, String message) {
        String text = HEAD + "sub/b.png,cat,1,2,3,4\n" + row + "\n";
        refused(text, ":3: " + message);
        assertThat(open(text, true).notes()).contains("skipped: " + path + "/boxes.csv:3: " + message);
    }

    @Test
    void sizesAreLookedForOnlyWhenTheyMatter() {
        folder.text("broken.png", "no image");
        Splits splits = open(HEAD + "a.png,cat,30,2,50,30\nbroken.png,cat,1,1,2,2\nsub/b.png,cat,90,1,91,2\n", false);
        assertThat(objects(splits.train(), 0).boxes()).containsExactly(new Box(30, 2, 40, 20));
        assertThat(splits.train().stratum(1)).isEqualTo(1);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> splits.train().image(2))
                .withMessage(
                        path
                                + "/boxes.csv:4: the box (90, 1, 91, 2) lies outside the image of 10x10 pixels. Correct or remove it");
        Splits skipped = open(HEAD + "a.png,cat,30,2,50,30\nbroken.png,cat,1,1,2,2\nsub/b.png,cat,90,1,91,2\n", true);
        assertThat(skipped.train().size()).isEqualTo(1);
    }

    @Test
    void aTableWithoutBoxesIsRefused() {
        refused(
                "path,label\na.png,cat\n",
                ":1: no columns for boxes. Expected a first line that names the columns, as path,label,left,top,right,bottom");
        refused(
                "",
                ":1: no columns for boxes. Expected a first line that names the columns, as path,label,left,top,right,bottom");
        refused(HEAD, ": no rows. Expected lines of path,label,left,top,right,bottom");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> folder.boxes())
                .withMessageContaining(": has no boxes. Expected Pascal VOC, COCO's JSON, YOLO's data.yaml, or a CSV");
    }
}
