package dev.fovea.image;

/**
 * An affine map of the plane: {@code (x, y)} goes to {@code (xx x + xy y + x0, yx x + yy y + y0)}. Coordinates are in
 * pixels from an image's upper left corner, so that the middle of the first pixel is {@code (0.5, 0.5)}.
 */
public record Affine(double xx, double xy, double x0, double yx, double yy, double y0) {

    /** Leaves all where it is. */
    public static final Affine IDENTITY = new Affine(1, 0, 0, 0, 1, 0);

    public Affine {
        double sum = xx + xy + x0 + yx + yy + y0;
        if (!Double.isFinite(sum) || xx * yy == xy * yx) {
            throw new IllegalArgumentException("an affine map must be finite and must not flatten the plane, got "
                    + "[%s %s %s; %s %s %s]".formatted(xx, xy, x0, yx, yy, y0));
        }
    }

    /** Both axes for themselves. */
    public static Affine scale(double x, double y) {
        return new Affine(x, 0, 0, 0, y, 0);
    }

    /** A shift. */
    public static Affine translate(double x, double y) {
        return new Affine(1, 0, x, 0, 1, y);
    }

    /** Where {@code (x, y)} goes, from the left. */
    public double x(double x, double y) {
        return xx * x + xy * y + x0;
    }

    /** Where {@code (x, y)} goes, from the top. */
    public double y(double x, double y) {
        return yx * x + yy * y + y0;
    }

    /** This map and then {@code next}. */
    public Affine then(Affine next) {
        return new Affine(
                next.xx * xx + next.xy * yx,
                next.xx * xy + next.xy * yy,
                next.x(x0, y0),
                next.yx * xx + next.yy * yx,
                next.yx * xy + next.yy * yy,
                next.y(x0, y0));
    }

    /** What undoes this map. */
    public Affine inverse() {
        if (aligned()) { // without products that would round: mirrors and shifts stay exact
            return new Affine(1 / xx, 0, -x0 / xx, 0, 1 / yy, -y0 / yy);
        }
        double det = determinant();
        return new Affine(
                yy / det, -xy / det, (xy * y0 - yy * x0) / det, -yx / det, xx / det, (yx * x0 - xx * y0) / det);
    }

    /** By how much areas grow; below 0 for a mirror. */
    public double determinant() {
        return xx * yy - xy * yx;
    }

    /** Whether rows stay rows and columns columns. */
    public boolean aligned() {
        return xy == 0 && yx == 0;
    }
}
