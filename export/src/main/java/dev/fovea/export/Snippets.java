package dev.fovea.export;

import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Programs of a few lines that use an exported file, to be copied. */
public final class Snippets {

    private static final String IMAGES = "images";

    /** Outputs that have a number for each class. */
    private static final Set<String> NUMBER_A_CLASS = Set.of("logits", "probabilities", "values");

    private static final double ROUNDING = 1e-6;

    private Snippets() {}

    /**
     * For ONNX Runtime in Python.
     *
     * @param shown what is done to images before the network sees them
     */
    public static String python(Exported exported, Preprocess shown) {
        String inputs = exported.inputs().stream()
                .map(input -> "    \"%s\": %s,".formatted(input.name(), pythonValue(exported, input, shown)))
                .collect(Collectors.joining("\n"));
        boolean image = ofImage(exported);
        return """
                import json
                import numpy as np
                import onnxruntime%s

                session = onnxruntime.InferenceSession("%s")
                classes = json.loads(session.get_modelmeta().custom_metadata_map["classes"])%s
                outputs = session.run(None, {
                %s
                })
                for output, values in zip(session.get_outputs(), outputs):
                    print(output.name, values.shape)%s
                """.formatted(
                        image ? "\nfrom PIL import Image, ImageOps" : "",
                        exported.file().getFileName(),
                        image ? pythonImage(exported, shown) : "",
                        inputs,
                        image && answersClasses(exported) ? "\nprint(dict(zip(classes, outputs[0][0].tolist())))" : "");
    }

    /** Whether one image is all that goes in. */
    private static boolean ofImage(Exported exported) {
        List<OnnxValue> inputs = exported.inputs();
        return inputs.size() == 1
                && inputs.get(0).name().equals(IMAGES)
                && inputs.get(0).dims().size() == 4;
    }

    /** Whether what comes out has a number for each class. */
    private static boolean answersClasses(Exported exported) {
        OnnxValue first = exported.outputs().get(0);
        return NUMBER_A_CLASS.contains(first.name()) && first.dims().size() == 2;
    }

    private static String pythonImage(Exported exported, Preprocess shown) {
        String pixels = "\nimage = Image.open(\"image.png\").convert(\"%s\")%s\npixels = np.asarray(%s)"
                .formatted(
                        shown.channels() == 1 ? "L" : "RGB",
                        shown.resize() == ResizePolicy.CROP ? beforeCrop(shown) : "",
                        resized(exported, shown));
        String channels = shown.channels() == 1 ? "\npixels = pixels[:, :, None]" : "";
        return exported.inputs().get(0).type() == OnnxType.UINT8
                ? pixels + channels
                : pixels
                        + channels
                        + "\npixels = (pixels / 255 - np.array(%s)) / np.array(%s)".formatted(shown.mean(), shown.std())
                        + (shown.scaling() == Preprocess.Scaling.IMAGE
                                ? "\npixels = (pixels - pixels.mean()) / (pixels.std() + 1e-6)"
                                : "");
    }

    private static String resized(Exported exported, Preprocess shown) {
        String size = "(%s, %s), Image.%s".formatted(shown.width(), shown.height(), shown.filter());
        return switch (shown.resize()) {
            case STRETCH -> "image.resize(%s)".formatted(size);
            case CROP -> "image.crop((left, top, left + %s, top + %s))".formatted(shown.width(), shown.height());
            case FIT ->
                "ImageOps.pad(image, %s, %s)".formatted(size, shown.channels() == 1 ? "114" : "(114, 114, 114)");
            case PATCH -> exported.fixedSize().isEmpty() ? "image" : "image.resize(%s)".formatted(size);
        };
    }

    /** As torchvision's Resize and CenterCrop round. */
    private static String beforeCrop(Preprocess shown) {
        return """

                scale = max(%s / image.width, %s / image.height)
                image = image.resize((int(image.width * scale + 1e-6), int(image.height * scale + 1e-6)), Image.%s)
                left, top = round((image.width - %s) / 2), round((image.height - %s) / 2)""".formatted(
                        (int) (shown.width() / shown.crop() + ROUNDING),
                        (int) (shown.height() / shown.crop() + ROUNDING),
                        shown.filter(),
                        shown.width(),
                        shown.height());
    }

    private static String pythonValue(Exported exported, OnnxValue input, Preprocess shown) {
        if (ofImage(exported)) {
            return input.type() == OnnxType.UINT8
                    ? "pixels[None]"
                    : "pixels.transpose(2, 0, 1)[None].astype(np.float32)";
        }
        return "np.zeros((%s,), np.%s)"
                .formatted(shape(input, shown), input.type().name().toLowerCase(java.util.Locale.ROOT));
    }

    /** With one image of the usual size. */
    private static String shape(OnnxValue input, Preprocess shown) {
        return input.dims().stream()
                .map(dim -> switch (dim.name()) {
                    case Signature.BATCH -> "1";
                    case Signature.HEIGHT -> Integer.toString(shown.height());
                    case Signature.WIDTH -> Integer.toString(shown.width());
                    default -> Long.toString(dim.size());
                })
                .collect(Collectors.joining(", "));
    }

    /**
     * For ONNX Runtime in Java, {@code com.microsoft.onnxruntime:onnxruntime}; where more than an image goes in, zeros stand for it.
     *
     * @param shown what is done to images before the network sees them
     */
    public static String java(Exported exported, Preprocess shown) {
        return ofImage(exported)
                ? new JavaProgram(exported, shown, answersClasses(exported)).text()
                : javaOfZeros(exported, shown);
    }

    private static String javaOfZeros(Exported exported, Preprocess shown) {
        String tensors = exported.inputs().stream()
                .map(input -> "inputs.put(\"%s\", OnnxTensor.createTensor(environment, %s, new long[] {%s}%s));"
                        .formatted(
                                input.name(),
                                javaValue(input, shown),
                                shape(input, shown),
                                input.type() == OnnxType.UINT8 ? ", ai.onnxruntime.OnnxJavaType.UINT8" : ""))
                .collect(Collectors.joining("\n            "));
        return """
                import ai.onnxruntime.OnnxTensor;
                import ai.onnxruntime.OrtEnvironment;
                import ai.onnxruntime.OrtException;
                import java.util.LinkedHashMap;

                public class UseModel {
                    public static void main(String[] args) throws OrtException {
                        var environment = OrtEnvironment.getEnvironment();
                        var inputs = new LinkedHashMap<String, OnnxTensor>();
                        try (var session = environment.createSession("%s")) {
                            %s
                            try (var outputs = session.run(inputs)) {
                                outputs.forEach(output -> System.out.println(output.getKey() + " " + output.getValue().getInfo()));
                            }
                        }
                    }
                }
                """.formatted(exported.file().getFileName(), tensors.replace("\n", "\n    "));
    }

    private static String javaValue(OnnxValue input, Preprocess shown) {
        long count = 1;
        for (String size : shape(input, shown).split(", ", -1)) {
            count *= Long.parseLong(size);
        }
        return switch (input.type()) {
            case INT64 -> "java.nio.LongBuffer.allocate(%s)".formatted(count);
            case UINT8 -> "java.nio.ByteBuffer.allocate(%s)".formatted(count);
            default -> "java.nio.FloatBuffer.allocate(%s)".formatted(count);
        };
    }
}
