package dev.fovea.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilmTest {

    @TempDir
    private Path folder;

    /** A red square that moves to the right on green. */
    private static List<BufferedImage> frames() {
        var frames = new ArrayList<BufferedImage>();
        for (int i = 0; i < 5; i++) {
            var frame = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
            Graphics2D g = frame.createGraphics();
            g.setColor(new Color(0, 160, 0));
            g.fillRect(0, 0, 64, 48);
            g.setColor(new Color(220, 0, 0));
            g.fillRect(8 * i, 16, 16, 16);
            g.dispose();
            frames.add(frame);
        }
        return frames;
    }

    @ParameterizedTest
    @ValueSource(strings = {"film.gif", "film.avi"})
    void framesComeBackInTheirOrderAndColours(String name) throws Exception {
        Path file = folder.resolve(name);
        Film.write(file, frames().iterator(), 10);
        List<Image> read =
                name.endsWith(".gif") ? Movie.gif(Files.readAllBytes(file), name) : Movie.frames(file, 0, 1, 2, 3, 4);
        assertThat(read).hasSize(5);
        for (int i = 0; i < 5; i++) {
            var shown = new Color(read.get(i).toBufferedImage().getRGB(8 * i + 8, 24));
            assertThat(shown.getRed()).isBetween(190, 250);
            assertThat(shown.getGreen()).isLessThan(40);
            var ground = new Color(read.get(i).toBufferedImage().getRGB(60, 4));
            assertThat(ground.getGreen()).isBetween(130, 190);
            assertThat(ground.getRed()).isLessThan(40);
        }
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        assertThat(Files.list(folder).count()).isEqualTo(1); // nothing else is left
    }

    @Test
    void anotherEndingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Film.write(folder.resolve("film.mp4"), frames().iterator(), 10))
                .withMessageEndingWith("film.mp4: a film is written as .gif or .avi. Name such a file");
    }
}
