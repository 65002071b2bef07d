package dev.fovea.data;

import dev.fovea.image.Size;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One annotation of Pascal VOC. Nothing outside the file is ever read for it, and nothing in it is expanded: a document type
 * definition is refused.
 *
 * @param fileName of the image; empty if it is not said
 * @param size of the image; empty if it is not said, or said to be 0
 */
record VocXml(String fileName, Optional<Size> size, List<Entry> objects) {

    private static final int MOST_BYTES = 1 << 26;

    private static final int MOST_DEPTH = 64;

    private static final String OBJECT = "annotation/object";

    /**
     * An object.
     *
     * @param values texts of the elements below it, by their paths
     * @param line where it begins
     */
    record Entry(Map<String, String> values, int line) {
        String value(String name) {
            return values.getOrDefault(name, "");
        }
    }

    /** @throws DataException if it is not such a file */
    static VocXml of(TreeFile file) {
        byte[] bytes = file.bytes().get();
        if (bytes.length > MOST_BYTES) {
            throw new DataException("%s: %s MB, more than the %s MB that are read of an annotation"
                    .formatted(file.name(), bytes.length >> 20, MOST_BYTES >> 20));
        }
        var factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("it asks for a file outside");
        });
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(bytes));
            try {
                return new Walk(file.name(), reader).all();
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNumber());
            throw new DataException(
                    "%s:%s: not well-formed XML. Expected an annotation of Pascal VOC: correct or remove it"
                            .formatted(file.name(), line));
        }
    }

    /** Goes through a document, with the path to where it is. */
    private static final class Walk {

        private final String name;
        private final XMLStreamReader reader;
        private final List<String> path = new ArrayList<>();
        private final Map<String, String> values = new LinkedHashMap<>();
        private final List<Entry> objects = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        Walk(String name, XMLStreamReader reader) {
            this.name = name;
            this.reader = reader;
        }

        VocXml all() throws XMLStreamException {
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> open();
                    case XMLStreamConstants.END_ELEMENT -> close();
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                    case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw fault(
                                "has a document type definition or an entity, which could read other files or fill the memory. Remove it: annotations of Pascal VOC need none");
                    default -> {}
                }
            }
            return new VocXml(values.getOrDefault("annotation/filename", ""), size(), objects);
        }

        private void open() {
            text.setLength(0);
            path.add(reader.getLocalName());
            if (path.size() == 1 && !path.get(0).equals("annotation")) {
                throw fault("begins with <%s>. Expected <annotation>, as Pascal VOC has it".formatted(path.get(0)));
            }
            if (path.size() > MOST_DEPTH) {
                throw fault("more than %s elements inside each other".formatted(MOST_DEPTH));
            }
            if (joined().equals(OBJECT)) {
                objects.add(
                        new Entry(new LinkedHashMap<>(), reader.getLocation().getLineNumber()));
            }
        }

        private void close() {
            String at = joined();
            if (at.startsWith(OBJECT + "/")) {
                objects.get(objects.size() - 1)
                        .values()
                        .putIfAbsent(
                                at.substring(OBJECT.length() + 1),
                                text.toString().strip());
            } else {
                values.putIfAbsent(at, text.toString().strip());
            }
            path.remove(path.size() - 1);
            text.setLength(0);
        }

        private String joined() {
            return String.join("/", path);
        }

        private Optional<Size> size() {
            try {
                int width = (int) Double.parseDouble(values.getOrDefault("annotation/size/width", "0"));
                int height = (int) Double.parseDouble(values.getOrDefault("annotation/size/height", "0"));
                return width > 0 && height > 0 ? Optional.of(new Size(height, width)) : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        private DataException fault(String what) {
            return new DataException(
                    "%s:%s: %s".formatted(name, reader.getLocation().getLineNumber(), what));
        }
    }
}
