package dev.fovea.models;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The registry at reduced width and depth: what holds for the small ones holds for all of their family. */
public final class ReducedModels {

    private static final String BACKBONE = "backbone=(resnet18 depths=1,1,1,1 width=16)";

    /** By family, the options that make its networks small enough to be trained within a second. */
    private static final Map<String, String> OPTIONS = Map.ofEntries(
            Map.entry("ResNet", "depths=1,1,1,1 width=16"),
            Map.entry("AlexNet", "width=32 hidden=512 dropout=0"),
            Map.entry("Vgg", "depths=1,1,1,1,1 width=8 hidden=64 dropout=0"),
            Map.entry("GoogLeNet", "width=16"),
            Map.entry("DenseNet", "depths=1,2,1,1 growth=16"),
            Map.entry("SqueezeNet", "dropout=0"),
            Map.entry("CifarResNet", "depth=1"),
            Map.entry("PreActResNet", "depths=1,1,1 stem=8 width=16"),
            Map.entry("MobileNetV2", "width=0.25 depth=0.5 dropout=0"),
            Map.entry("MobileNetV3", "width=0.25 dropout=0"),
            Map.entry("MobileNetV4", "width=0.25"),
            Map.entry("ShuffleNetV2", "depths=2,2,2 widths=16,24,32 last=64"),
            Map.entry("MnasNet", "width=0.25 depth=0.3 dropout=0"),
            Map.entry("EfficientNet", "width=0.25 depth=0.1 eps=0.001 momentum=0.1 dropout=0 dropPath=0.1"),
            Map.entry("RegNet", "depths=1,1,1,2 widths=16,16,24,32 group=8"),
            Map.entry("ConvNeXt", "depths=1,1,1,1 widths=8,16,16,32 dropPath=0"),
            Map.entry("CompactTransformer", "width=64 depth=1 heads=2 dropPath=0 attentionDropout=0"),
            Map.entry("MaxVit", "stem=16 widths=32,64 depths=1,1 partition=2 headWidth=16 dropPath=0"),
            Map.entry("Swin", "patch=2 width=32 depths=2,1 heads=1,2 window=4 dropPath=0"),
            Map.entry("RetinaNet", BACKBONE + " width=16"),
            Map.entry("Fcos", BACKBONE + " width=16"),
            Map.entry("FasterRcnn", BACKBONE + " levels=four width=16 hidden=32 proposals=20"),
            Map.entry("Detr", BACKBONE + " width=16 heads=2 hidden=32 encoders=1 decoders=2 queries=10"),
            Map.entry("DilatedSegmenter", BACKBONE),
            Map.entry("Lraspp", "backbone=(mobilenet_v3_large width=0.25) width=16"),
            Map.entry("DeepLabV3Plus", "encoder=(resnet18 depths=1,1,1,1 width=16) width=16 early=8 presence=true"),
            Map.entry("SemanticFpn", "encoder=(resnet18 depths=1,1,1,1 width=16) width=16 hidden=8 presence=true"),
            Map.entry("MixTransformer", "widths=16,16,32,32 depths=1,1,1,1 heads=1,1,2,2 dropPath=0"),
            Map.entry(
                    "SegFormer",
                    "backbone=(mit_b0 widths=16,16,32,32 depths=1,1,1,1 heads=1,1,2,2 dropPath=0) width=16 dropout=0"),
            Map.entry("UNet", "width=8 presence=true"),
            Map.entry("FoveaSeg", "width=8 depth=1 auxiliary=true"),
            Map.entry("Ssd", "depths=1,1,1,1,1 width=4"),
            Map.entry("SsdLite", "width=0.25"),
            Map.entry("VisionTransformer", "patch=8 width=64 depth=2 heads=2 hidden=128 dropPath=0"));

    /** The smallest side of images, in pixels, where 32 are too few. */
    private static final Map<String, Integer> SIDES = Map.of("InceptionV3", 80, "AlexNet", 64, "Ssd", 272);

    private ReducedModels() {}

    /** Of networks that are the same when they are reduced, one. */
    public static List<ModelEntry> all() {
        var different = new LinkedHashMap<Object, ModelEntry>();
        Models.all().forEach(entry -> {
            String options = OPTIONS.get(family(entry));
            if (options == null) {
                different.put(entry.name(), entry);
            } else {
                String name = entry.name() + " " + options;
                NetConfig config = Options.parse(name, entry.config());
                different.putIfAbsent(config, reduced(new ModelEntry(name, config, entry.paper(), entry.input())));
            }
        });
        return List.copyOf(different.values());
    }

    private static ModelEntry reduced(ModelEntry entry) {
        return entry.at(entry.input().channels(), side(entry), side(entry));
    }

    /** The side of small images for it, in pixels. */
    public static int side(ModelEntry entry) {
        return Math.min(SIDES.getOrDefault(family(entry), 32), entry.input().height());
    }

    private static String family(ModelEntry entry) {
        Class<?> owner = entry.config().getClass().getEnclosingClass();
        return owner == null ? "" : owner.getSimpleName();
    }
}
