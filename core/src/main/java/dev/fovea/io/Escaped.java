package dev.fovea.io;

/** Foreign text, such as a file's or a tensor's name, as one printable line. */
public final class Escaped {

    private static final int LONGEST = 200;

    private Escaped() {}

    /**
     * {@code text} with line breaks, escape characters and everything else that has no glyph written out, as
     * {@code \n} or <code>&#92;u001b</code>, so that no message grows a second line or speaks to a terminal; of more than
     * 200 characters the rest is left out.
     */
    public static String of(Object text) {
        String all = String.valueOf(text);
        var out = new StringBuilder();
        all.codePoints().limit(LONGEST).forEach(c -> append(out, c));
        return all.codePointCount(0, all.length()) > LONGEST ? out + "..." : out.toString();
    }

    /** The same of a whole message, whatever its length: names of others may stand anywhere in it. */
    public static String line(String message) {
        if (message == null || message.codePoints().noneMatch(Escaped::hasNoGlyph)) {
            return message;
        }
        var out = new StringBuilder();
        message.codePoints().forEach(c -> append(out, c));
        return out.toString();
    }

    private static void append(StringBuilder out, int c) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (hasNoGlyph(c)) {
                    for (char half : Character.toChars(c)) {
                        out.append("\\u%04x".formatted((int) half));
                    }
                } else {
                    out.appendCodePoint(c);
                }
            }
        }
    }

    private static boolean hasNoGlyph(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT, // also turns the direction of writing round
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
