package dev.fovea.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.report.RunReport.Figure;
import dev.fovea.report.RunReport.Table;
import dev.fovea.report.RunReport.Tile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @TempDir
    Path folder;

    private static RunReport report(String className) {
        var image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        image.setRGB(1, 1, 0xFF336699);
        return new RunReport(
                "resnet18",
                "10 images",
                Map.of("seed", "7"),
                List.of(new Tile("accuracy", "98 %")),
                List.of("The loss of <epoch 3> was odd."),
                List.of(new Figure("confusion", "Confusion matrix", "Which for which.", image)),
                List.of(
                        new Table("Per class", List.of("class", "recall"), List.of(List.of(className, "0.5")), true),
                        new Table("Epochs", List.of("epoch"), List.of(List.of("1")))),
                Map.of("engine", "libtorch"),
                "model: resnet18\n");
    }

    @Test
    void isOneFileWithItsImagesInsideAndBeside() throws IOException {
        HtmlReport.write(folder.resolve("report.html"), report("rose"));
        String html = Files.readString(folder.resolve("report.html"));
        assertThat(html)
                .contains("Noticed", "<dt>seed</dt><dd>7</dd>", "<li>The loss of &lt;epoch 3&gt; was odd.</li>");
        assertThat(html).contains("data:image/png;base64,", "98 %", "<td>rose</td>", "model: resnet18");
        assertThat(html).doesNotContain("http://", "https://", "<script");
        assertThat(ImageIO.read(folder.resolve("confusion.png").toFile()).getRGB(1, 1))
                .isEqualTo(0xFF336699);
    }

    @Test
    void aTableThatMattersMoreStandsAboveTheFigures() {
        assertThat(HtmlReport.render(report("rose")))
                .startsWith("<!DOCTYPE html>")
                .containsSubsequence("<h2>Per class</h2>", "Which for which.", "<h2>Epochs</h2>");
    }

    @Test
    void aHostileClassNameIsText() {
        assertThat(HtmlReport.render(report("<script>alert(1)</script>")))
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script>alert");
    }

    @Test
    void eventsAreFramedAndChecksummedRecords() throws IOException {
        try (var writer = new EventWriter(folder, 1_700_000_000)) {
            writer.scalar("train/loss", 3, 0.25, 1_700_000_001);
        }
        Path file = folder.resolve("events.out.tfevents.1700000000.fovea");
        var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int records = 0;
        byte[] last = {};
        while (bytes.hasRemaining()) {
            int at = bytes.position();
            int length = (int) bytes.getLong();
            assertThat(bytes.getInt()).isEqualTo(EventWriter.masked(bytes.array(), at, 8));
            last = new byte[length];
            bytes.get(last);
            assertThat(bytes.getInt()).isEqualTo(EventWriter.masked(last, 0, length));
            records++;
        }
        assertThat(records).isEqualTo(2);
        String text = new String(last, StandardCharsets.ISO_8859_1);
        byte[] quarter = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(0.25f)
                .array();
        assertThat(text).contains("train/loss", new String(quarter, StandardCharsets.ISO_8859_1));
    }

    @Test
    void theChecksumIsTfRecords() {
        // the known masked CRC, a3 7f 4b 22 on disk, of the eight length bytes of a 24-byte record
        byte[] length = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(24)
                .array();
        assertThat(Integer.toHexString(EventWriter.masked(length, 0, 8))).isEqualTo("224b7fa3");
    }

    @Test
    void theConfusionMatrixDrawsTwoToAHundredClasses() {
        for (int k : new int[] {2, 10, 100}) {
            var names = java.util.stream.IntStream.range(0, k)
                    .mapToObj(i -> "a rather long class name " + i)
                    .toList();
            var counts = java.util.stream.IntStream.range(0, k)
                    .mapToObj(i -> java.util.Collections.nCopies(k, (long) i))
                    .toList();
            assertThat(ConfusionMatrix.draw(names, counts).getWidth()).isBetween(300, 2400);
        }
    }

    @Test
    void nothingOfASmallConfusionMatrixIsCutOff() {
        for (var names : List.of(List.of("a", "b"), List.of("ants"), List.of("x", "y", "z"))) {
            var counts = names.stream()
                    .map(name -> java.util.Collections.nCopies(names.size(), 12_345_678L))
                    .toList();
            var drawn = ConfusionMatrix.draw(names, counts);
            for (int y = 0; y < drawn.getHeight(); y++) {
                assertThat(drawn.getRGB(drawn.getWidth() - 1, y) & 0xFFFFFF).isEqualTo(0xFFFFFF);
            }
        }
    }

    @Test
    void aTitleLongerThanItsTilesIsNotCutOff() {
        var tile = new ContactSheet.Tile(
                List.of(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB)), List.of("one"), ContactSheet.Mark.NONE);
        var legend = new BufferedImage(300, 32, BufferedImage.TYPE_INT_RGB);
        var drawn = ContactSheet.draw("A title that is a good deal longer than its tiles are wide", List.of(tile), 4);
        var beside = ContactSheet.draw("Short", List.of(tile), 4, List.of(legend));
        for (int y = 0; y < 70; y++) {
            assertThat(drawn.getRGB(drawn.getWidth() - 1, y) & 0xFFFFFF).isEqualTo(0xFFFFFF);
        }
        assertThat(beside.getRGB(beside.getWidth() - 100, 30) & 0xFFFFFF).isZero();
    }

    @Test
    void rowsCarryWhatTheyShow() {
        var image = new dev.fovea.image.Image(4, 4, 1, new byte[16]);
        var bare = Rows.draw("Rows", List.of(), List.of(new Rows.Row("", List.of(image, image), List.of())));
        var labelled = Rows.draw(
                "Rows",
                List.of("first", "second"),
                List.of(new Rows.Row("number 3: 0.1 to 0.9", List.of(image, image), List.of("a", "b"))));
        assertThat(labelled.getHeight()).isGreaterThan(bare.getHeight());
        assertThat(labelled.getWidth()).isGreaterThan(bare.getWidth());
        assertThat(Rows.draw("None", List.of(), List.of()).getWidth())
                .as("room for the title")
                .isBetween(50, bare.getWidth());
    }

    @Test
    void imagesOnASheetKeepTheirShape() {
        var wide = new BufferedImage(200, 100, BufferedImage.TYPE_INT_RGB);
        var sheet = ContactSheet.draw(
                "Wide", List.of(new ContactSheet.Tile(List.of(wide), List.of(), ContactSheet.Mark.NONE)), 1);
        int left = sheet.getWidth();
        int right = 0;
        int top = sheet.getHeight();
        int bottom = 0;
        for (int y = 80; y < sheet.getHeight(); y++) { // below the title
            for (int x = 0; x < sheet.getWidth(); x++) {
                if ((sheet.getRGB(x, y) & 0xFFFFFF) == 0) {
                    left = Math.min(left, x);
                    right = Math.max(right, x + 1);
                    top = Math.min(top, y);
                    bottom = Math.max(bottom, y + 1);
                }
            }
        }
        assertThat((right - left) / (double) (bottom - top)).isBetween(1.95, 2.05);
    }
}
