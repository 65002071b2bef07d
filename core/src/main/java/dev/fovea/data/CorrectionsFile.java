package dev.fovea.data;

import dev.fovea.data.AnnotationCorrections.CorrectedImage;
import dev.fovea.data.AnnotationCorrections.Place;
import dev.fovea.image.Size;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.ClosedFolder;
import dev.fovea.io.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Corrections as a file of COCO's form: its {@code info}, which comes first, says what is corrected; images say their part
 * and lie where they say, counted from the file.
 */
final class CorrectionsFile {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String CORRECTS = "corrects";
    private static final String TARGETS = "targets";
    private static final String PIXELS = "pixels";
    private static final String OBJECTS = "objects";

    /** What {@code info} says. */
    private record Info(String data, boolean pixels) {}

    private CorrectionsFile() {}

    /** Whether a JSON file is one of corrections. */
    static boolean matches(Path file) {
        try {
            return info(file).isPresent();
        } catch (DataException e) {
            return false; // whoever reads it says what is wrong with it
        }
    }

    /** What it corrects; the rest of the file is not read. */
    static String data(Path file) {
        return required(file).data();
    }

    private static Info required(Path file) {
        return info(file)
                .orElseThrow(
                        () -> new DataException(
                                file
                                        + ": is no list of corrections. Expected COCO's form, and first in it info that says what it corrects"));
    }

    static AnnotationCorrections read(Path file) {
        return read(file, file);
    }

    /** @param place where the file lies or lay: images are named from there on */
    static AnnotationCorrections read(Path file, Path place) {
        Info info = required(file);
        TreeFile source = FolderFiles.file(List.of(String.valueOf(file.getFileName())), file);
        CocoJson json = CocoJson.of(source, true);
        var faults = new AnnotationFaults(file.toString(), false);
        var sizes = new LinkedHashMap<Long, Optional<Size>>();
        var lists = new HashMap<Long, ObjectList>();
        for (CocoJson.Listed image : json.images()) {
            lists.put(image.id(), new ObjectList(file + ": annotation ", image.size(), faults));
            if (sizes.putIfAbsent(image.id(), image.size()) != null
                    || image.size().isEmpty()) {
                faults.add("%s: the image '%s' has the number of another, or no size. Expected both of its own"
                        .formatted(file, image.fileName()));
            }
        }
        new CocoObjects(file + ": annotation ", json.categories(), faults).add(json.entries(), sizes, lists);
        var images = new LinkedHashMap<Place, CorrectedImage>();
        for (CocoJson.Listed image : json.images()) {
            images.put(
                    new Place(image.part().isEmpty() ? "train" : image.part(), image.fileName()),
                    new CorrectedImage(
                            image.size().orElseThrow(), lists.get(image.id()).objects()));
        }
        List<Long> numbers =
                json.categories().stream().map(CocoJson.Category::id).toList();
        return new AnnotationCorrections(
                place,
                info.data(),
                info.pixels(),
                json.categories().stream().map(CocoJson.Category::name).toList(),
                numbers,
                images);
    }

    /** Empty if it is JSON of another kind. */
    private static Optional<Info> info(Path file) {
        try (InputStream in = opened(file);
                JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
            boolean first = json.nextToken() == JsonToken.START_OBJECT
                    && json.nextToken() == JsonToken.PROPERTY_NAME
                    && json.currentName().equals("info")
                    && json.nextToken() == JsonToken.START_OBJECT;
            return first ? info(file, json) : Optional.empty();
        } catch (JacksonException e) {
            throw new DataException(file + ": not well-formed JSON, or cut off. Restore the file, or remove it");
        } catch (IOException e) {
            throw new DataException("%s: cannot be read (%s)".formatted(file, Reason.of(e)));
        }
    }

    private static InputStream opened(Path file) throws IOException {
        ClosedFolder.check(file);
        return Files.newInputStream(file);
    }

    private static Optional<Info> info(Path file, JsonParser json) {
        String data = "";
        boolean pixels = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals(CORRECTS) && value == JsonToken.VALUE_STRING) {
                data = json.getString();
            } else if (name.equals(TARGETS) && value == JsonToken.VALUE_STRING) {
                pixels = json.getString().equals(PIXELS);
            } else {
                json.skipChildren();
            }
        }
        if (data.isEmpty()) {
            return Optional.empty();
        }
        if (data.contains("/") || data.contains("\\") || data.equals("..") || data.equals(".")) {
            throw new DataException("%s: corrects '%s', which does not lie beside it. Expected the name of what does"
                    .formatted(file, data));
        }
        return Optional.of(new Info(data, pixels));
    }

    static void write(AnnotationCorrections corrections) {
        if (!corrections.images().isEmpty() || Files.exists(corrections.file())) {
            AtomicFile.write(corrections.file(), bytes(corrections));
        }
    }

    static byte[] bytes(AnnotationCorrections corrections) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            info(json, corrections);
            new CocoWriter(null, corrections.classes(), corrections.categories(), false)
                    .lists(json, written(corrections.images()), true);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void info(JsonGenerator json, AnnotationCorrections corrections) {
        json.writeObjectPropertyStart("info");
        json.writeStringProperty(CORRECTS, corrections.data()); // before anything that may hold a brace
        json.writeStringProperty("description", "Corrected objects of images of " + corrections.data());
        json.writeStringProperty(TARGETS, corrections.pixels() ? PIXELS : OBJECTS);
        json.writeEndObject();
    }

    private static List<ObjectWriter.Written> written(Map<Place, CorrectedImage> images) {
        var written = new ArrayList<ObjectWriter.Written>();
        images.forEach((place, image) -> written.add(new ObjectWriter.Written(
                place.part(), place.name(), image.size(), written.size() + 1L, image.objects(), List.of())));
        return written;
    }
}
