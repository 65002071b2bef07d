package dev.fovea.export;

import dev.fovea.data.Preprocess;
import dev.fovea.data.ResizePolicy;
import java.util.List;
import java.util.stream.Collectors;

/** A program in Java that reads an image, asks an exported model about it by ONNX Runtime, and prints the answer. */
final class JavaProgram {

    private static final double ROUNDING = 1e-6;

    private final Exported exported;
    private final Preprocess shown;
    private final boolean bytes;
    private final boolean answers;

    /**
     * @param exported a file that takes one image and nothing else
     * @param shown what is done to images before the network sees them
     * @param answers whether the first output has a number for each class
     */
    JavaProgram(Exported exported, Preprocess shown, boolean answers) {
        this.exported = exported;
        this.shown = shown;
        this.answers = answers;
        bytes = exported.inputs().get(0).type() == OnnxType.UINT8;
    }

    String text() {
        return """
                import ai.onnxruntime.OnnxJavaType;
                import ai.onnxruntime.OnnxTensor;
                import ai.onnxruntime.OrtEnvironment;
                import java.awt.Color;
                import java.awt.Image;
                import java.awt.image.BufferedImage;
                import java.io.File;
                import java.nio.ByteBuffer;
                import java.nio.FloatBuffer;
                import java.util.Arrays;
                import java.util.Map;
                import javax.imageio.ImageIO;

                public class UseModel {
                    public static void main(String[] args) throws Exception {
                        var image = ImageIO.read(new File("image.png"));
                %s
                        int width = pixels.getWidth();
                        int height = pixels.getHeight();
                %s
                        var environment = OrtEnvironment.getEnvironment();
                        try (var session = environment.createSession("%s");
                                var input = OnnxTensor.createTensor(environment, values.flip(), new long[] {%s}%s);
                                var outputs = session.run(Map.of("%s", input))) {
                            outputs.forEach(output -> System.out.println(output.getKey() + " " + output.getValue().getInfo()));%s
                        }
                    }
                }
                """.formatted(
                        resized().indent(8).stripTrailing(),
                        (bytes ? asBytes() : asNumbers()).indent(8).stripTrailing(),
                        exported.file().getFileName(),
                        bytes
                                ? "1, height, width, " + shown.channels()
                                : "1, %s, height, width".formatted(shown.channels()),
                        bytes ? ", OnnxJavaType.UINT8" : "",
                        exported.inputs().get(0).name(),
                        answers ? "\n" + printed().indent(12).stripTrailing() : "")
                .lines()
                .filter(line -> !line.startsWith("import ") || isUsed(line))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private boolean isUsed(String line) {
        return switch (line.substring(line.lastIndexOf('.') + 1)) {
            case "OnnxJavaType;", "ByteBuffer;" -> bytes;
            case "FloatBuffer;" -> !bytes;
            case "Color;" -> shown.resize() == ResizePolicy.FIT;
            case "Image;" -> !isAsItIs();
            case "Arrays;" -> answers;
            default -> true;
        };
    }

    /** Whether images of any size go in. */
    private boolean isAsItIs() {
        return shown.resize() == ResizePolicy.PATCH && exported.fixedSize().isEmpty();
    }

    private String resized() {
        if (isAsItIs()) {
            return """
                    var pixels = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
                    pixels.createGraphics().drawImage(image, 0, 0, null);""";
        }
        String pixels = "var pixels = new BufferedImage(%s, %s, BufferedImage.TYPE_INT_RGB);"
                .formatted(shown.width(), shown.height());
        return switch (shown.resize()) {
            case CROP -> pixels + scaled("max", shown.width() / shown.crop(), shown.height() / shown.crop(), ROUNDING);
            case FIT ->
                pixels
                        + """

                    var background = pixels.createGraphics();
                    background.setColor(new Color(114, 114, 114));
                    background.fillRect(0, 0, %s, %s);""".formatted(shown.width(), shown.height())
                        + scaled("min", shown.width(), shown.height(), 0.5);
            default -> pixels + """

                    var scaled = image.getScaledInstance(%s, %s, Image.SCALE_SMOOTH);
                    pixels.createGraphics().drawImage(scaled, 0, 0, null);""".formatted(shown.width(), shown.height());
        };
    }

    /** @param rounding added before a size is cut off to whole pixels */
    private String scaled(String which, double width, double height, double rounding) {
        return """

                double scale = Math.%s(%s.0 / image.getWidth(), %s.0 / image.getHeight());
                int scaledWidth = (int) (image.getWidth() * scale + %s);
                int scaledHeight = (int) (image.getHeight() * scale + %s);
                var scaled = image.getScaledInstance(scaledWidth, scaledHeight, Image.SCALE_SMOOTH);
                pixels.createGraphics().drawImage(scaled, (%s - scaledWidth) / 2, (%s - scaledHeight) / 2, null);""".formatted(
                        which,
                        (int) (width + ROUNDING),
                        (int) (height + ROUNDING),
                        rounding,
                        rounding,
                        shown.width(),
                        shown.height());
    }

    private String value() {
        return shown.channels() == 1
                ? "0.299 * (rgb >> 16 & 255) + 0.587 * (rgb >> 8 & 255) + 0.114 * (rgb & 255)"
                : "rgb >> 16 - 8 * channel & 255";
    }

    private String asBytes() {
        return """
                var values = ByteBuffer.allocate(width * height * %1$s);
                for (int i = 0; i < width * height; i++) {
                    int rgb = pixels.getRGB(i %% width, i / width);
                    for (int channel = 0; channel < %1$s; channel++) {
                        values.put((byte) Math.round(%2$s));
                    }
                }""".formatted(shown.channels(), value());
    }

    private String asNumbers() {
        String values = """
                double[] mean = {%2$s};
                double[] deviation = {%3$s};
                var values = FloatBuffer.allocate(%1$s * width * height);
                for (int channel = 0; channel < %1$s; channel++) {
                    for (int i = 0; i < width * height; i++) {
                        int rgb = pixels.getRGB(i %% width, i / width);
                        double value = %4$s;
                        values.put((float) ((value / 255 - mean[channel]) / deviation[channel]));
                    }
                }""".formatted(shown.channels(), list(shown.mean()), list(shown.std()), value());
        return shown.scaling() == Preprocess.Scaling.IMAGE ? values + "\n" + scaledByImage() : values;
    }

    private static String scaledByImage() {
        return """
                float[] all = values.array();
                double average = 0;
                for (float one : all) {
                    average += one / (double) all.length;
                }
                double variance = 0;
                for (float one : all) {
                    variance += (one - average) * (one - average) / all.length;
                }
                for (int i = 0; i < all.length; i++) {
                    all[i] = (float) ((all[i] - average) / (Math.sqrt(variance) + 1e-6));
                }""";
    }

    private static String list(List<? extends Number> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String printed() {
        return """
                System.out.println(session.getMetadata().getCustomMetadata().get("classes"));
                System.out.println(Arrays.toString(((float[][]) outputs.get(0).getValue())[0]));""";
    }
}
