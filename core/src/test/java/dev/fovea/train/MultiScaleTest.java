package dev.fovea.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.image.Size;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class MultiScaleTest {

    @Test
    void drawsMultiplesOf32FromTheLeastToTheFullSizeAndTheSameAgain() {
        var full = new Size(384, 512);
        var scales = new MultiScale(0.5, 3);
        var seen = new HashSet<Size>();
        for (int batch = 0; batch < 200; batch++) {
            Size size = scales.at(2, batch, full);
            assertThat(size).isEqualTo(new MultiScale(0.5, 3).at(2, batch, full));
            assertThat(size.height() % 32 + size.width() % 32).isZero();
            assertThat(size.height()).isBetween(192, 384);
            assertThat(size.width()).isBetween(256, 512);
            seen.add(size);
        }
        assertThat(seen).contains(full).hasSizeGreaterThan(8);
        assertThat(scales.at(3, 0, new Size(20, 20))).isEqualTo(new Size(20, 20));
    }
}
