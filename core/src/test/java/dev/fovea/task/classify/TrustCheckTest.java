package dev.fovea.task.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustCheckTest {

    private static TrustCheck check(double probability, double blank) {
        var better = new TrustCheck.Scores(0.3, 0.8, 0.4);
        var random = new TrustCheck.Scores(0.5, 0.5, 0);
        return new TrustCheck(
                "grad-cam",
                "bees",
                better,
                random,
                probability,
                blank,
                List.of("deletion", "insertion"),
                List.of(new TrustCheck.Layer("fc", 0.1)),
                true,
                new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
    }

    @Test
    void aClassThatABlankImageHasTooIsExplainedByNoMap() {
        assertThat(check(0.9, 0.3).trusted()).isTrue();
        assertThat(check(0.9, 0.3).verdict()).startsWith("Yes: ");
        assertThat(check(0.63, 0.74).trusted()).isFalse();
        assertThat(check(0.63, 0.74).verdict())
                .startsWith("No: of a blank image the class is at least as probable (0.74) as of this one (0.63)");
        assertThat(check(0.63, 0.6).verdict()).startsWith("No: of a blank image the class is nearly as probable");
    }
}
