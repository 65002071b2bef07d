package dev.fovea.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ProjectiveTest {

    private static final Size SIZE = new Size(60, 80);
    private static final double[] X = {7, 71, 78, 3};
    private static final double[] Y = {5, 1, 55, 49};
    private static final Projective TILTED = Projective.corners(SIZE, X, Y);

    @Test
    void leadsTheCornersWhereTheyBelong() {
        double[][] corners = {{0, 0}, {80, 0}, {80, 60}, {0, 60}};
        for (int i = 0; i < 4; i++) {
            assertThat(TILTED.x(corners[i][0], corners[i][1])).isCloseTo(X[i], within(1e-9));
            assertThat(TILTED.y(corners[i][0], corners[i][1])).isCloseTo(Y[i], within(1e-9));
        }
        assertThat(TILTED.affine()).isFalse();
        assertThat(Projective.corners(SIZE, new double[] {1, 81, 81, 1}, new double[] {2, 2, 62, 62})
                        .aligned())
                .isTrue();
    }

    @Test
    void mapsInTurnAreOneMapAndAnInverseUndoesIt() {
        var turn = Projective.affine(0.8, -0.6, 12, 0.6, 0.8, -4);
        Projective both = TILTED.then(turn).then(TILTED);
        var random = new SplittableRandom(1);
        for (int i = 0; i < 100; i++) {
            double x = 80 * random.nextDouble();
            double y = 60 * random.nextDouble();
            double onceX = turn.x(TILTED.x(x, y), TILTED.y(x, y));
            double onceY = turn.y(TILTED.x(x, y), TILTED.y(x, y));
            assertThat(both.x(x, y)).isCloseTo(TILTED.x(onceX, onceY), within(1e-8));
            assertThat(both.y(x, y)).isCloseTo(TILTED.y(onceX, onceY), within(1e-8));
            Projective inverse = both.inverse();
            assertThat(inverse.x(both.x(x, y), both.y(x, y))).isCloseTo(x, within(1e-7));
            assertThat(inverse.y(both.x(x, y), both.y(x, y))).isCloseTo(y, within(1e-7));
        }
    }

    @Test
    void isNearAnAffineMapAroundEachPlace() {
        Projective near = TILTED.near(30, 20);
        assertThat(near.affine()).isTrue();
        assertThat(near.x(30, 20)).isCloseTo(TILTED.x(30, 20), within(1e-9));
        assertThat(near.x(30.01, 20.02)).isCloseTo(TILTED.x(30.01, 20.02), within(1e-5));
        assertThat(near.y(30.01, 20.02)).isCloseTo(TILTED.y(30.01, 20.02), within(1e-5));
        double side = 1e-3; // of a square whose area grows
        double right = TILTED.x(30 + side, 20) - TILTED.x(30, 20);
        double down = TILTED.y(30, 20 + side) - TILTED.y(30, 20);
        double slideX = TILTED.x(30, 20 + side) - TILTED.x(30, 20);
        double slideY = TILTED.y(30 + side, 20) - TILTED.y(30, 20);
        assertThat(TILTED.determinant(30, 20)).isCloseTo((right * down - slideX * slideY) / side / side, within(1e-4));
    }

    @Test
    void picturesTiltAsTheMapSays() {
        byte[] pixels = new byte[80 * 60];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i % 80 * 2 + i / 80); // a plane, of which bilinear reading is exact
        }
        var step = new Sampler.Step(TILTED.inverse(), SIZE, Fill.CONSTANT, 255);
        Image tilted = Sampler.of(List.of(step), SIZE, Filter.BILINEAR).apply(new Image(80, 60, 1, pixels));
        int seen = 0;
        for (int y = 0; y < 60; y++) {
            for (int x = 0; x < 80; x++) {
                double fromX = step.back().x(x + 0.5, y + 0.5);
                double fromY = step.back().y(x + 0.5, y + 0.5);
                int value = tilted.pixels()[y * 80 + x] & 0xFF;
                if (fromX < 0 || fromY < 0 || fromX >= 80 || fromY >= 60) {
                    assertThat(value).isEqualTo(255);
                } else if (fromX > 2 && fromY > 2 && fromX < 78 && fromY < 58) {
                    assertThat((double) value).isCloseTo(2 * (fromX - 0.5) + fromY - 0.5, within(1.0));
                    seen++;
                }
            }
        }
        assertThat(seen).isGreaterThan(2000);
    }

    @Test
    void refusesToFlattenThePlane() {
        assertThatIllegalArgumentException().isThrownBy(() -> Projective.affine(1, 2, 0, 2, 4, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Projective.corners(SIZE, new double[] {0, 0, 0, 0}, new double[] {0, 0, 0, 0}));
    }
}
