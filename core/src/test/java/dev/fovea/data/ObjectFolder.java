package dev.fovea.data;

import dev.fovea.image.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A folder that tests fill with small data sets with boxes. */
record ObjectFolder(Path path) {

    /** Grey, every one of its own shade. */
    ObjectFolder image(String name, int width, int height) {
        byte[] pixels = new byte[3 * width * height];
        Arrays.fill(pixels, (byte) name.hashCode());
        Image.write(made(name), new Image(width, height, 3, pixels));
        return this;
    }

    ObjectFolder text(String name, String content) {
        return bytes(name, content.getBytes(StandardCharsets.UTF_8));
    }

    ObjectFolder bytes(String name, byte[] content) {
        try {
            Files.write(made(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** An annotation of VOC, of objects as {@code cat 1 1 10 10}, perhaps with {@code difficult} behind. */
    ObjectFolder voc(String name, String fileName, int width, int height, String... objects) {
        return text(name, """
                <annotation>
                  <folder>x</folder>
                  <filename>%s</filename>
                  <size><width>%s</width><height>%s</height><depth>3</depth></size>
                %s</annotation>
                """.formatted(
                        fileName,
                        width,
                        height,
                        Arrays.stream(objects).map(ObjectFolder::vocObject).collect(Collectors.joining())));
    }

    private static String vocObject(String object) {
        String[] words = object.split(" ");
        return ("  <object><name>%s</name><difficult>%s</difficult><part><name>head</name><bndbox><xmin>1</xmin></bndbox></part>"
                        + "<bndbox><xmin>%s</xmin><ymin>%s</ymin><xmax>%s</xmax><ymax>%s</ymax></bndbox></object>\n")
                .formatted(words[0], words.length > 5 ? 1 : 0, words[1], words[2], words[3], words[4]);
    }

    private Path made(String name) {
        Path file = path.resolve(name);
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    Splits open(TargetKind targets) {
        return Data.open(path.toString(), Data.Options.of().withTargets(targets));
    }

    Splits boxes() {
        return open(TargetKind.BOXES);
    }

    /** With what is broken left out. */
    Splits skipping() {
        return Data.open(
                path.toString(),
                Data.Options.of().withTargets(new TargetKind.Boxes(true, true)).withSkipBroken(true));
    }

    static Target.Objects objects(Dataset data, int index) {
        return (Target.Objects) data.target(index);
    }
}
