package dev.fovea.image;

/** Masks as people make them: white and black, or 1 and 0, or any number for what is meant and 0 for the rest. */
public final class WhiteMask {

    private static final int GREY = 127;

    private WhiteMask() {}

    /** The mask in one channel of 0 and 255: what is brighter than grey; where nothing is, all that is not 0. */
    public static Image of(Image mask) {
        byte[] from = mask.pixels();
        int channels = mask.channels();
        byte[] grey = mask.toGray().pixels();
        boolean bright = false;
        for (byte value : grey) {
            bright |= (value & 0xFF) > GREY;
        }
        byte[] out = new byte[grey.length];
        for (int i = 0; i < out.length; i++) {
            boolean meant = bright && (grey[i] & 0xFF) > GREY;
            for (int c = 0; c < channels && !bright; c++) {
                meant |= from[i * channels + c] != 0;
            }
            out[i] = (byte) (meant ? 255 : 0);
        }
        return new Image(mask.width(), mask.height(), 1, out);
    }
}
