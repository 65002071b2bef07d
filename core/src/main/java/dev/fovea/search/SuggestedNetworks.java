package dev.fovea.search;

import dev.fovea.run.DataRequest;
import dev.fovea.run.TaskType;
import dev.fovea.task.TrainingPlan;
import dev.fovea.task.anomaly.AnomalyType;
import dev.fovea.task.autoencode.AutoencoderType;
import dev.fovea.task.compress.CompressionType;
import dev.fovea.task.detect.DetectionType;
import dev.fovea.task.embed.EmbeddingType;
import dev.fovea.task.embed.SelfSupervisedType;
import dev.fovea.task.generate.GeneratorType;
import dev.fovea.task.restore.RestorationType;
import dev.fovea.task.segment.SegmentationType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Networks for tasks other than the classes of images, with settings for a processor that suit the size and number of the images. */
record SuggestedNetworks(DataLook look, TaskType<?> type) {

    /** The usual one of each task first. */
    private static final Map<TaskType<?>, List<String>> NAMES = Map.ofEntries(
            Map.entry(SelfSupervisedType.TYPE, List.of("resnet9-small", "resnet18")),
            Map.entry(EmbeddingType.TYPE, List.of("embedding(resnet18)")),
            Map.entry(AutoencoderType.RECONSTRUCTION, List.of("conv-autoencoder", "dense-autoencoder")),
            Map.entry(AutoencoderType.VARIATIONAL, List.of("vae")),
            Map.entry(AutoencoderType.QUANTIZATION, List.of("vq-vae")),
            Map.entry(AutoencoderType.MASKING, List.of("masked-autoencoder")),
            Map.entry(DetectionType.TYPE, List.of("fovea-det", "fovea-det-s", "ssdlite320_mobilenet_v3_large")),
            Map.entry(SegmentationType.TYPE, List.of("fovea-seg", "unet width=32", "lraspp_mobilenet_v3_large")),
            Map.entry(AnomalyType.TYPE, List.of("patchcore", "padim")),
            Map.entry(RestorationType.TYPE, List.of("dncnn", "ffdnet", "unet-restorer", "subpixel")),
            Map.entry(CompressionType.TYPE, List.of("transform-codec")),
            Map.entry(GeneratorType.ADVERSARIAL, List.of("dcgan", "tutorial-gan")),
            Map.entry(GeneratorType.TOKENS, List.of("pixel-transformer")),
            Map.entry(GeneratorType.DIFFUSION, List.of("diffusion-unet", "dit")));

    /** Longest side of detectors and segmenters, in pixels. */
    private static final int PLACES = 512;

    /** Side of images that are generated or compared as wholes, in pixels. */
    private static final int WHOLE = 64;

    private static final int DEEP = 32;

    /** Updates after which such networks have learned most of what they will. */
    private static final int STEPS = 3000;

    private static final int MOST_EPOCHS = 100;

    List<TrainingPlan> plans(DataRequest request) {
        return NAMES.getOrDefault(type, List.of()).stream()
                .map(model -> new TrainingPlan(request, model, "", false, settings(model)))
                .toList();
    }

    private List<String> settings(String model) {
        var settings = new ArrayList<String>();
        if (type == SelfSupervisedType.TYPE) { // its networks are those of classifiers
            settings.add("task.type=" + type.word());
        }
        boolean places = type.defaults().get(0).targetKind().places();
        if (places) {
            settings.addAll(ofPlaces(model));
        } else if (!List.of(RestorationType.TYPE, CompressionType.TYPE, AnomalyType.TYPE)
                .contains(type)) {
            String side = Integer.toString(side(Math.min(look.height(), look.width())));
            settings.add("input.size=" + side);
            settings.add("input.channels=" + (look.grey() ? 1 : 3));
        }
        return settings;
    }

    private List<String> ofPlaces(String model) {
        var settings = new ArrayList<String>();
        int batch = 8;
        if (!model.startsWith("ssdlite")) { // has a size of its own
            double scale = Math.min(1, PLACES / (double) Math.max(look.height(), look.width()));
            settings.add(String.format(
                    Locale.ROOT, "input.size=%dx%d", deep(scale * look.height()), deep(scale * look.width())));
            batch = scale * Math.max(look.height(), look.width()) <= 2 * WHOLE ? 32 : 8;
        }
        settings.add("batch=" + batch);
        settings.add("epochs=" + Math.max(10, Math.min(MOST_EPOCHS, STEPS * batch / Math.max(1, look.images()))));
        settings.add(
                type == DetectionType.TYPE
                        ? "augment=[flip, zoom, translate]"
                        : "augment=[{type: crop, area: [0.25, 1]}, flip]");
        return settings;
    }

    private static int deep(double pixels) {
        return Math.max(DEEP, DEEP * (int) Math.round(pixels / DEEP));
    }

    /** Small images as they are, where they can be halved twice. */
    private static int side(int own) {
        return own >= WHOLE ? WHOLE : Math.max(16, 4 * (own / 4));
    }
}
