package dev.fovea;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Image;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;

/** The report of a run as a test reads it. */
public final class WrittenReport {

    private WrittenReport() {}

    /** Its text. No section is missing, and the named figures are in it as they lie beside it, not blank. */
    public static String of(Path run, String... figures) {
        String html = new String(bytes(run.resolve("report.html")), StandardCharsets.UTF_8);
        assertThat(html).doesNotContain("is not in this report");
        for (String figure : figures) {
            Path file = run.resolve(figure + ".png");
            assertThat(html).as(figure).contains(Base64.getEncoder().encodeToString(bytes(file)));
            assertThat(colours(file)).as(figure).isGreaterThan(2);
        }
        return html;
    }

    /** How many colours an image has: a blank one has a single one. */
    public static long colours(Path file) {
        BufferedImage image = Image.read(file).toBufferedImage();
        return Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .distinct()
                .count();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
