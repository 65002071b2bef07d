package dev.fovea.image;

/**
 * A projective map of the plane, by which straight lines stay straight: {@code (x, y)} goes to {@code (xx x + xy y + x0, yx x +
 * yy y + y0)}, both divided by {@code zx x + zy y + 1}. With {@code zx} and {@code zy} of 0 it is affine: parallels stay so,
 * too. Coordinates are in pixels from an image's upper left corner, so that the middle of the first pixel is
 * {@code (0.5, 0.5)}.
 */
public record Projective(double xx, double xy, double x0, double yx, double yy, double y0, double zx, double zy) {

    /** Leaves all where it is. */
    public static final Projective IDENTITY = affine(1, 0, 0, 0, 1, 0);

    public Projective {
        double sum = xx + xy + x0 + yx + yy + y0 + zx + zy;
        double volume = xx * (yy - y0 * zy) - xy * (yx - y0 * zx) + x0 * (yx * zy - yy * zx);
        if (!Double.isFinite(sum) || volume == 0) {
            throw new IllegalArgumentException("a map must be finite and must not flatten the plane, got "
                    + "[%s %s %s; %s %s %s; %s %s 1]".formatted(xx, xy, x0, yx, yy, y0, zx, zy));
        }
    }

    /** One that keeps parallels. */
    public static Projective affine(double xx, double xy, double x0, double yx, double yy, double y0) {
        return new Projective(xx, xy, x0, yx, yy, y0, 0, 0);
    }

    /** Both axes for themselves. */
    public static Projective scale(double x, double y) {
        return affine(x, 0, 0, 0, y, 0);
    }

    /** A shift. */
    public static Projective translate(double x, double y) {
        return affine(1, 0, x, 0, 1, y);
    }

    /**
     * Leads the corners of a rectangle at the origin to four places. Heckbert 1989, Fundamentals of Texture Mapping and Image
     * Warping, section 2.2.3.
     *
     * @param x of the places of the upper left, upper right, lower right and lower left corner
     * @param y of the same
     */
    public static Projective corners(Size rectangle, double[] x, double[] y) {
        double rightX = x[1] - x[2];
        double rightY = y[1] - y[2];
        double lowerX = x[3] - x[2];
        double lowerY = y[3] - y[2];
        double sumX = x[0] - x[1] + x[2] - x[3];
        double sumY = y[0] - y[1] + y[2] - y[3];
        double area = rightX * lowerY - lowerX * rightY;
        double across = (sumX * lowerY - lowerX * sumY) / area;
        double down = (rightX * sumY - sumX * rightY) / area;
        double width = rectangle.width();
        double height = rectangle.height();
        return new Projective(
                (x[1] - x[0] + across * x[1]) / width,
                (x[3] - x[0] + down * x[3]) / height,
                x[0],
                (y[1] - y[0] + across * y[1]) / width,
                (y[3] - y[0] + down * y[3]) / height,
                y[0],
                across / width,
                down / height);
    }

    /** Where {@code (x, y)} goes, from the left. */
    public double x(double x, double y) {
        double at = xx * x + xy * y + x0;
        return affine() ? at : at / depth(x, y);
    }

    /** Where {@code (x, y)} goes, from the top. */
    public double y(double x, double y) {
        double at = yx * x + yy * y + y0;
        return affine() ? at : at / depth(x, y);
    }

    private double depth(double x, double y) {
        return zx * x + zy * y + 1;
    }

    /** This map and then {@code next}. */
    public Projective then(Projective next) {
        if (affine() && next.affine()) {
            return affine(
                    next.xx * xx + next.xy * yx,
                    next.xx * xy + next.xy * yy,
                    next.x(x0, y0),
                    next.yx * xx + next.yy * yx,
                    next.yx * xy + next.yy * yy,
                    next.y(x0, y0));
        }
        return divided(
                next.xx * xx + next.xy * yx + next.x0 * zx,
                next.xx * xy + next.xy * yy + next.x0 * zy,
                next.xx * x0 + next.xy * y0 + next.x0,
                next.yx * xx + next.yy * yx + next.y0 * zx,
                next.yx * xy + next.yy * yy + next.y0 * zy,
                next.yx * x0 + next.yy * y0 + next.y0,
                next.zx * xx + next.zy * yx + zx,
                next.zx * xy + next.zy * yy + zy,
                next.zx * x0 + next.zy * y0 + 1);
    }

    /** What undoes this map. */
    public Projective inverse() {
        if (aligned()) { // without products that would round: mirrors and shifts stay exact
            return affine(1 / xx, 0, -x0 / xx, 0, 1 / yy, -y0 / yy);
        }
        return divided(
                yy - y0 * zy,
                x0 * zy - xy,
                xy * y0 - x0 * yy,
                y0 * zx - yx,
                xx - x0 * zx,
                x0 * yx - xx * y0,
                yx * zy - yy * zx,
                xy * zx - xx * zy,
                xx * yy - xy * yx);
    }

    /** A map by its nine numbers, the last of which becomes 1. */
    private static Projective divided(
            double xx, double xy, double x0, double yx, double yy, double y0, double zx, double zy, double z0) {
        return new Projective(
                xx / z0, xy / z0, x0 / z0, yx / z0, yy / z0, y0 / z0, zx / z0 + 0.0, zy / z0 + 0.0); // no -0
    }

    /** The affine map that is nearest to it around {@code (x, y)}; itself if it is affine. */
    public Projective near(double x, double y) {
        if (affine()) {
            return this;
        }
        double depth = depth(x, y);
        double toX = x(x, y);
        double toY = y(x, y);
        double across = (xx - toX * zx) / depth;
        double acrossDown = (xy - toX * zy) / depth;
        double downAcross = (yx - toY * zx) / depth;
        double down = (yy - toY * zy) / depth;
        return affine(
                across,
                acrossDown,
                toX - across * x - acrossDown * y,
                downAcross,
                down,
                toY - downAcross * x - down * y);
    }

    /** By how much areas grow around {@code (x, y)}; below 0 for a mirror. */
    public double determinant(double x, double y) {
        Projective near = near(x, y);
        return near.xx * near.yy - near.xy * near.yx;
    }

    /** Whether parallels stay parallel. */
    public boolean affine() {
        return zx == 0 && zy == 0;
    }

    /** Whether rows stay rows and columns columns. */
    public boolean aligned() {
        return xy == 0 && yx == 0 && affine();
    }
}
