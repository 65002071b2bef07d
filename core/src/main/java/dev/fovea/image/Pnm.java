package dev.fovea.image;

/** Portable bit, grey and pixel maps, {@code P1} to {@code P6}: values up to any largest value become 0 to 255. */
final class Pnm {

    private final Input in;
    private int at = 2;

    private Pnm(Input in) {
        this.in = in;
    }

    static Image read(Input in) {
        return new Pnm(in).image();
    }

    private Image image() {
        int kind = in.u8(1) - '0';
        boolean bits = kind == 1 || kind == 4;
        boolean text = kind <= 3;
        int width = number();
        int height = number();
        int channels = kind == 3 || kind == 6 ? 3 : 1;
        int most = bits ? 1 : number();
        if (most < 1 || most > 65_535) {
            throw in.damaged("its largest value is %s, expected 1 to 65535".formatted(most));
        }
        in.size(width, height, channels == 1 ? 1 : 0);
        int samples = Image.bytes(width, height, channels);
        int size = most > 255 ? 2 : 1;
        long needed = text
                ? (bits ? samples : 2L * samples - 1)
                : kind == 4 ? (width + 7) / 8 * (long) height : (long) samples * size;
        int start = text ? at : at + 1;
        if (!in.has(start, needed)) {
            throw in.cutOff();
        }
        byte[] values = new byte[samples];
        if (text) {
            for (int i = 0; i < samples; i++) {
                values[i] = bits ? (byte) (bit() == 1 ? 0 : 255) : scaled(number(), most);
            }
        } else if (kind == 4) {
            int row = (width + 7) / 8;
            for (int i = 0; i < samples; i++) {
                int x = i % width;
                int set = in.bytes[start + i / width * row + x / 8] >> 7 - x % 8 & 1;
                values[i] = (byte) (set == 1 ? 0 : 255);
            }
        } else {
            raw(values, start, size, most);
        }
        if (!text) {
            in.noteZeros(start, (int) (start + needed));
        }
        var image = new Image(width, height, channels, values);
        return image.toRgb();
    }

    private void raw(byte[] values, int start, int size, int most) {
        if (most == 255) {
            System.arraycopy(in.bytes, start, values, 0, values.length);
            return;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = scaled(size == 1 ? in.bytes[start + i] & 0xFF : in.be16(start + 2L * i), most);
        }
    }

    private byte scaled(int value, int most) {
        if (value > most) {
            throw in.damaged("the value %s is above its largest value, %s".formatted(value, most));
        }
        return (byte) ((value * 255 + most / 2) / most);
    }

    /** Past blanks and comments. */
    private void skip() {
        while (true) {
            int c = in.u8(at);
            if (c == '#') {
                while (at < in.length() && in.bytes[at] != '\n' && in.bytes[at] != '\r') {
                    at++;
                }
            } else if (c == ' ' || c >= 9 && c <= 13) {
                at++;
            } else {
                return;
            }
        }
    }

    private int bit() {
        skip();
        int c = in.u8(at++);
        if (c != '0' && c != '1') {
            throw in.damaged("byte %s is no bit, 0 or 1".formatted(at - 1));
        }
        return c - '0';
    }

    private int number() {
        skip();
        int from = at;
        long value = 0;
        while (at < in.length() && in.bytes[at] >= '0' && in.bytes[at] <= '9') {
            value = Math.min(Integer.MAX_VALUE, value * 10 + in.bytes[at++] - '0');
        }
        if (at == from) {
            throw in.damaged("byte %s is no number".formatted(at));
        }
        return (int) value;
    }
}
