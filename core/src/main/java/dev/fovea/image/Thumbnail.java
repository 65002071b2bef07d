package dev.fovea.image;

import org.bytedeco.opencv.global.opencv_imgcodecs;

/** Small images of large ones. A JPEG is decoded at a fraction of its size, which takes a fraction of the time. */
final class Thumbnail {

    /** How much more detail is decoded than is shown, so that the last step still smooths. */
    private static final int SPARE = 2;

    private Thumbnail() {}

    /** @param side most pixels of the longer side; smaller images stay as they are */
    static Image of(Input in, int side) {
        in.readable();
        Image image = in.format == Format.JPEG ? jpeg(in, side) : Image.decode(in);
        return within(image, side);
    }

    private static Image jpeg(Input in, int side) {
        Jpeg jpeg = Jpeg.of(in);
        int reduced = reduced(Math.max(jpeg.width(), jpeg.height()), side);
        Image image = reduced == 0
                ? Native.colours(in, jpeg.clean(), jpeg.width(), jpeg.height())
                : Native.reduced(in, jpeg.clean(), reduced);
        return Orientation.upright(image, jpeg.orientation());
    }

    private static int reduced(int longer, int side) {
        int room = longer / (side * SPARE);
        return room >= 8
                ? opencv_imgcodecs.IMREAD_REDUCED_COLOR_8
                : room >= 4
                        ? opencv_imgcodecs.IMREAD_REDUCED_COLOR_4
                        : room >= 2 ? opencv_imgcodecs.IMREAD_REDUCED_COLOR_2 : 0;
    }

    static Image within(Image image, int side) {
        int longer = Math.max(image.width(), image.height());
        if (longer <= side) {
            return image;
        }
        return image.resize(
                Math.max(1, Math.round(image.width() * (float) side / longer)),
                Math.max(1, Math.round(image.height() * (float) side / longer)),
                Filter.BILINEAR);
    }
}
