package dev.fovea.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HeatMapTest {

    @Test
    void aMapOfSinglePixelsIsDrawnAsMeansOfSquares() {
        float[][] map = new float[70][66]; // squares of 2 pixels
        map[0][0] = 1;
        map[0][1] = 1;
        map[69][65] = 1;
        float[][] legible = HeatMap.legible(map);
        assertThat(legible).hasDimensions(35, 33);
        assertThat(legible[0][0]).isEqualTo(1);
        assertThat(legible[34][32]).isEqualTo(0.5f, within(1e-6f));
        assertThat(legible[17][16]).isZero();
    }

    @Test
    void squaresAtTheEdgeAreMeansOfThePixelsTheyHave() {
        float[][] map = new float[65][65];
        map[64][64] = 1; // alone in its square
        map[0][0] = 1; // one of four
        float[][] legible = HeatMap.legible(map);
        assertThat(legible[32][32]).isEqualTo(1);
        assertThat(legible[0][0]).isEqualTo(0.25f, within(1e-6f));
    }

    @Test
    void aCoarseMapIsDrawnAsItIs() {
        float[][] map = {{0.1f, 0.2f}, {0.3f, 0.4f}};
        assertThat(HeatMap.legible(map)).isSameAs(map);
    }
}
