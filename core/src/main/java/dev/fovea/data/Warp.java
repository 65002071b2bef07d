package dev.fovea.data;

/** An affine change of an image about its centre: where in the source each output pixel comes from. */
record Warp(double xx, double xy, double yx, double yy, double dx, double dy) {

    /** Rotation, then shear, then zoom of the sampling grid, as Keras composes them; then the shift and flips. */
    static Warp of(
            double angle,
            double shear,
            double zoomX,
            double zoomY,
            double shiftX,
            double shiftY,
            boolean mirrored,
            boolean upsideDown) {
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        // x' = cos x - sin y, y' = sin x + cos y; sheared by x += -sin(shear) y, y *= cos(shear)
        double a = cos;
        double b = -cos * Math.sin(shear) - sin * Math.cos(shear);
        double c = sin;
        double d = -sin * Math.sin(shear) + cos * Math.cos(shear);
        double fx = mirrored ? -1 : 1;
        double fy = upsideDown ? -1 : 1;
        return new Warp(fx * a * zoomX, fx * b * zoomY, fy * c * zoomX, fy * d * zoomY, shiftX, shiftY);
    }

    void apply(byte[] in, int width, int height, int channels, Augment.Fill fill, int fillValue, byte[] out, int at) {
        double centreX = (width - 1) / 2.0;
        double centreY = (height - 1) / 2.0;
        int to = at;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double ox = x - dx - centreX;
                double oy = y - dy - centreY;
                double sourceX = xx * ox + xy * oy + centreX;
                double sourceY = yx * ox + yy * oy + centreY;
                int left = (int) Math.floor(sourceX);
                int top = (int) Math.floor(sourceY);
                double wx = sourceX - left;
                double wy = sourceY - top;
                int x0 = fill.position(left, width);
                int x1 = fill.position(left + 1, width);
                int y0 = fill.position(top, height);
                int y1 = fill.position(top + 1, height);
                for (int c = 0; c < channels; c++) {
                    double upper = (1 - wx) * at(in, x0, y0, c, width, channels, fillValue)
                            + wx * at(in, x1, y0, c, width, channels, fillValue);
                    double lower = (1 - wx) * at(in, x0, y1, c, width, channels, fillValue)
                            + wx * at(in, x1, y1, c, width, channels, fillValue);
                    out[to++] = (byte) (int) Math.round((1 - wy) * upper + wy * lower);
                }
            }
        }
    }

    private static int at(byte[] in, int x, int y, int c, int width, int channels, int fillValue) {
        return x < 0 || y < 0 ? fillValue : in[(y * width + x) * channels + c] & 0xFF;
    }
}
