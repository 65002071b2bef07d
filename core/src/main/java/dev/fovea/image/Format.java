package dev.fovea.image;

import java.nio.charset.StandardCharsets;

/** The kinds of image files, told apart by their first bytes: those that are read, and those that are only named. */
enum Format {
    JPEG("jpeg", ""),
    PNG("png", ""),
    GIF("gif", ""),
    BMP("bmp", ""),
    WEBP("webp", ""),
    PNM("pnm", ""),
    TIFF("tiff", ""),
    HEIC("HEIC image", "for example: heif-convert IN OUT.jpg"),
    AVIF("AVIF image", "for example: avifdec IN OUT.png"),
    JXL("JPEG XL image", "for example: djxl IN OUT.png"),
    JP2("JPEG 2000 image", "for example: opj_decompress -i IN -o OUT.png"),
    JLS("JPEG-LS image", "for example: ffmpeg -i IN OUT.png"),
    PSD("Photoshop document", "export it as PNG"),
    PDF("PDF", "for example: pdftoppm -png IN OUT"),
    SVG("drawing (SVG)", "for example: rsvg-convert IN -o OUT.png"),
    DICOM("DICOM file", "for example: dcmj2pnm --write-png IN OUT.png"),
    EXR("OpenEXR image", "with its values scaled to 0 to 255"),
    HDR("Radiance HDR image", "with its values scaled to 0 to 255"),
    BIGTIFF("BigTIFF", "for example: tiffcp IN OUT.tif, which writes an ordinary TIFF"),
    VIDEO("video", "cut it into frames, for example: ffmpeg -i IN %06d.png"),
    UNKNOWN("", "");

    /** For messages. */
    final String word;

    private final String howToConvert;

    Format(String word, String howToConvert) {
        this.word = word;
        this.howToConvert = howToConvert;
    }

    /** Why a file of this format is not read; empty if it is. */
    String refusal() {
        return howToConvert.isEmpty()
                ? ""
                : "a %s, which is not read here. Convert it to PNG or JPEG (%s), or skip broken images"
                        .formatted(word, howToConvert);
    }

    static Format of(byte[] b) {
        if (starts(b, 0, 0xFF, 0xD8, 0xFF)) {
            return starts(b, 2, 0xFF, 0xF7) ? JLS : JPEG;
        }
        if (starts(b, 0, 0x89, 'P', 'N', 'G', 13, 10, 26, 10)) {
            return PNG;
        }
        if (text(b, 0, 4).equals("GIF8")) {
            return GIF;
        }
        if (text(b, 0, 2).equals("BM") && b.length > 26) {
            return BMP;
        }
        if (text(b, 0, 4).equals("RIFF") && text(b, 8, 4).equals("WEBP")) {
            return WEBP;
        }
        if (b.length > 2 && b[0] == 'P' && b[1] >= '1' && b[1] <= '6' && (b[2] == '#' || b[2] <= ' ' && b[2] > 0)) {
            return PNM;
        }
        if (starts(b, 0, 'I', 'I', 42, 0) || starts(b, 0, 'M', 'M', 0, 42)) {
            return TIFF;
        }
        return foreign(b);
    }

    private static Format foreign(byte[] b) {
        if (text(b, 4, 4).equals("ftyp")) {
            return container(b);
        }
        if (starts(b, 0, 0xFF, 0x0A) || text(b, 4, 4).equals("JXL ")) {
            return JXL;
        }
        if (starts(b, 0, 0xFF, 0x4F, 0xFF, 0x51) || text(b, 4, 4).equals("jP  ")) {
            return JP2;
        }
        if (starts(b, 0, 'I', 'I', 43, 0) || starts(b, 0, 'M', 'M', 0, 43)) {
            return BIGTIFF;
        }
        if (text(b, 0, 4).equals("8BPS")) {
            return PSD;
        }
        if (text(b, 0, 5).equals("%PDF-")) {
            return PDF;
        }
        if (text(b, 128, 4).equals("DICM")) {
            return DICOM;
        }
        if (starts(b, 0, 0x76, 0x2F, 0x31, 0x01)) {
            return EXR;
        }
        if (text(b, 0, 10).equals("#?RADIANCE") || text(b, 0, 6).equals("#?RGBE")) {
            return HDR;
        }
        if (text(b, 0, 4).equals("RIFF") && text(b, 8, 4).equals("AVI ") || starts(b, 0, 0x1A, 0x45, 0xDF, 0xA3)) {
            return VIDEO;
        }
        String start = text(b, 0, 512).stripLeading();
        return start.startsWith("<svg") || start.startsWith("<?xml") && start.contains("<svg") ? SVG : UNKNOWN;
    }

    /** A file of boxes as ISO 14496-12 has them: brands say whether it is an image or a video. */
    private static Format container(byte[] b) {
        int size = Math.min(b.length, Math.max(16, Math.min(256, (b[2] & 0xFF) << 8 | b[3] & 0xFF)));
        String brands = text(b, 8, size - 8);
        if (brands.contains("avif") || brands.contains("avis")) {
            return AVIF;
        }
        if (brands.startsWith("jp2") || brands.startsWith("jpx")) {
            return JP2;
        }
        return brands.matches("(?s)(hei|hev|mif1|msf1).*") ? HEIC : VIDEO;
    }

    private static String text(byte[] b, int from, int count) {
        int end = Math.min(b.length, from + count);
        return from < end ? new String(b, from, end - from, StandardCharsets.ISO_8859_1) : "";
    }

    private static boolean starts(byte[] b, int at, int... magic) {
        if (b.length < at + magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((b[at + i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
