package dev.fovea.data;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Pascal VOC: pixels are whole, counted from 1, and the last belongs to the box. */
final class VocWriter implements ObjectWriter {

    private final Path folder;
    private final List<String> classes;
    private final Map<String, List<String>> parts = new LinkedHashMap<>();

    VocWriter(Path folder, List<String> classes) {
        this.folder = folder;
        this.classes = classes;
    }

    @Override
    public String place(Written image) {
        return "JPEGImages/" + image.fileName();
    }

    @Override
    public void add(Written image, Losses losses) throws IOException {
        ObjectWriter.countBeyondBoxes(image.objects(), losses);
        ObjectWriter.countScores(image.objects(), losses);
        parts.computeIfAbsent(image.part(), part -> new ArrayList<>()).add(image.stem());
        Path file = ObjectWriter.made(folder, "Annotations/" + image.stem() + ".xml");
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            write(xml, image);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private void write(XMLStreamWriter xml, Written image) throws XMLStreamException {
        xml.writeStartElement("annotation");
        element(xml, 1, "folder", "JPEGImages");
        element(xml, 1, "filename", image.fileName());
        open(xml, 1, "size");
        element(xml, 2, "width", image.size().width());
        element(xml, 2, "height", image.size().height());
        element(xml, 2, "depth", 3);
        close(xml, 1);
        element(xml, 1, "segmented", 0);
        for (Annotation object : image.objects()) {
            open(xml, 1, "object");
            element(xml, 2, "name", classes.get(object.label()));
            element(xml, 2, "pose", "Unspecified");
            element(xml, 2, "truncated", 0);
            element(xml, 2, "difficult", object.ignore() ? 1 : 0);
            open(xml, 2, "bndbox");
            long left = Math.min(Math.round(object.box().left()), image.size().width() - 1L);
            long top = Math.min(Math.round(object.box().top()), image.size().height() - 1L);
            element(xml, 3, "xmin", left + 1);
            element(xml, 3, "ymin", top + 1);
            element(xml, 3, "xmax", Math.max(left + 1, Math.round(object.box().right())));
            element(xml, 3, "ymax", Math.max(top + 1, Math.round(object.box().bottom())));
            close(xml, 2);
            close(xml, 1);
        }
        close(xml, 0);
        xml.writeCharacters("\n");
    }

    private static void open(XMLStreamWriter xml, int depth, String name) throws XMLStreamException {
        xml.writeCharacters("\n" + "\t".repeat(depth));
        xml.writeStartElement(name);
    }

    private static void close(XMLStreamWriter xml, int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "\t".repeat(depth));
        xml.writeEndElement();
    }

    private static void element(XMLStreamWriter xml, int depth, String name, Object value) throws XMLStreamException {
        open(xml, depth, name);
        xml.writeCharacters(String.valueOf(value));
        xml.writeEndElement();
    }

    @Override
    public void finish() throws IOException {
        for (var part : parts.entrySet()) {
            Path list = ObjectWriter.made(folder, "ImageSets/Main/" + ObjectWriter.word(part.getKey()) + ".txt");
            Files.write(list, part.getValue());
        }
    }
}
