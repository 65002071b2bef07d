package dev.fovea.models;

import dev.fovea.models.PublishedNames.Rule;
import dev.fovea.models.PublishedNames.Table;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What Hugging Face's {@code transformers} and timm call the tensors of networks that have torchvision's or timm's names
 * here. A new publisher is a table, a new family of one a line or two of rules.
 */
final class NameTables {

    private static final Table RESNET = new Table(
            "transformers",
            "resnet\\.embedder\\..*",
            "layer1.0.conv1.weight",
            List.of(
                    Rule.of("resnet\\.embedder\\.embedder\\.convolution\\.(.*)", "conv1.{1}"),
                    Rule.of("resnet\\.embedder\\.embedder\\.normalization\\.(.*)", "bn1.{1}"),
                    Rule.of(resNetUnit("layer\\.(\\d+)\\.convolution"), "layer{1+1}.{2}.conv{3+1}.{4}"),
                    Rule.of(resNetUnit("layer\\.(\\d+)\\.normalization"), "layer{1+1}.{2}.bn{3+1}.{4}"),
                    Rule.of(resNetUnit("shortcut\\.convolution"), "layer{1+1}.{2}.downsample.0.{3}"),
                    Rule.of(resNetUnit("shortcut\\.normalization"), "layer{1+1}.{2}.downsample.1.{3}"),
                    Rule.of("classifier\\.1\\.(.*)", "fc.{1}")));

    /** Torchvision's detectors as they were published, before a convolution and its norm became one part. */
    private static final List<Rule> DETECTORS = List.of(
            Rule.of("(backbone\\.fpn\\.(?:inner|layer)_blocks\\.\\d+)\\.(weight|bias)", "{1}.0.{2}"),
            Rule.of("rpn\\.head\\.conv\\.(weight|bias)", "rpn.head.conv.0.0.{1}"),
            Rule.of("roi_heads\\.mask_head\\.mask_fcn1\\.(.*)", "roi_heads.mask_head.0.0.{1}"),
            Rule.of("roi_heads\\.mask_head\\.mask_fcn2\\.(.*)", "roi_heads.mask_head.1.0.{1}"),
            Rule.of("roi_heads\\.mask_head\\.mask_fcn3\\.(.*)", "roi_heads.mask_head.2.0.{1}"),
            Rule.of("roi_heads\\.mask_head\\.mask_fcn4\\.(.*)", "roi_heads.mask_head.3.0.{1}"));

    private static final Table RETINANET = new Table(
            "torchvision",
            "head\\.classification_head\\.conv\\.0\\.weight",
            "head.classification_head.conv.0.0.weight",
            Stream.concat(
                            DETECTORS.stream(),
                            IntStream.range(0, 4)
                                    .mapToObj(i -> Rule.of(
                                            "(head\\.\\w+\\.conv)\\.%s\\.(weight|bias)".formatted(2 * i),
                                            "{1}.%s.0.{2}".formatted(i))))
                    .toList());

    private static final Table PYRAMIDS = new Table(
            "torchvision",
            "backbone\\.fpn\\.inner_blocks\\.0\\.weight",
            "backbone.fpn.inner_blocks.0.0.weight",
            DETECTORS);

    /** Of names that networks here had at their publisher before: few of all, and of no other network. */
    static final List<Table> OLDER = List.of(RETINANET, PYRAMIDS);

    /** For networks with timm's names; DeiT's second token too. */
    private static final Table VIT = new Table(
            "transformers",
            "(?:(?:vit|deit)\\.)?embeddings\\.patch_embeddings\\.projection\\.weight",
            "blocks.0.attn.qkv.weight",
            List.of(
                    Rule.of(vit("embeddings\\.cls_token"), "cls_token"),
                    Rule.of(vit("embeddings\\.distillation_token"), "dist_token"),
                    Rule.of(vit("embeddings\\.position_embeddings"), "pos_embed"),
                    Rule.of(vit("embeddings\\.patch_embeddings\\.projection\\.(.*)"), "patch_embed.proj.{1}"),
                    Rule.of(vitBlock("layernorm_before"), "blocks.{1}.norm1.{2}"),
                    Rule.of(vitBlock("attention\\.attention\\.query"), "blocks.{1}.attn.qkv.{2}#1"),
                    Rule.of(vitBlock("attention\\.attention\\.key"), "blocks.{1}.attn.qkv.{2}#2"),
                    Rule.of(vitBlock("attention\\.attention\\.value"), "blocks.{1}.attn.qkv.{2}#3"),
                    Rule.of(vitBlock("attention\\.output\\.dense"), "blocks.{1}.attn.proj.{2}"),
                    Rule.of(vitBlock("layernorm_after"), "blocks.{1}.norm2.{2}"),
                    Rule.of(vitBlock("intermediate\\.dense"), "blocks.{1}.mlp.fc1.{2}"),
                    Rule.of(vitBlock("output\\.dense"), "blocks.{1}.mlp.fc2.{2}"),
                    Rule.of(vit("layernorm\\.(.*)"), "norm.{1}"),
                    Rule.of(vit("pooler\\..*"), ""),
                    Rule.of("classifier\\.(.*)", "head.{1}"),
                    Rule.of("cls_classifier\\.(.*)", "head.{1}"),
                    Rule.of("distillation_classifier\\.(.*)", "head_dist.{1}")));

    /** For networks with torchvision's names. */
    private static final Table VIT_TORCHVISION = new Table(
            "transformers",
            VIT.file(),
            "encoder.layers.encoder_layer_0.self_attention.in_proj_weight",
            List.of(
                    Rule.of(vit("embeddings\\.cls_token"), "class_token"),
                    Rule.of(vit("embeddings\\.position_embeddings"), "encoder.pos_embedding"),
                    Rule.of(vit("embeddings\\.patch_embeddings\\.projection\\.(.*)"), "conv_proj.{1}"),
                    Rule.of(vitBlock("layernorm_before"), torchvision("ln_1.{2}")),
                    Rule.of(vitBlock("attention\\.attention\\.query"), torchvision("self_attention.in_proj_{2}#1")),
                    Rule.of(vitBlock("attention\\.attention\\.key"), torchvision("self_attention.in_proj_{2}#2")),
                    Rule.of(vitBlock("attention\\.attention\\.value"), torchvision("self_attention.in_proj_{2}#3")),
                    Rule.of(vitBlock("attention\\.output\\.dense"), torchvision("self_attention.out_proj.{2}")),
                    Rule.of(vitBlock("layernorm_after"), torchvision("ln_2.{2}")),
                    Rule.of(vitBlock("intermediate\\.dense"), torchvision("mlp.0.{2}")),
                    Rule.of(vitBlock("output\\.dense"), torchvision("mlp.3.{2}")),
                    Rule.of(vit("layernorm\\.(.*)"), "encoder.ln.{1}"),
                    Rule.of(vit("pooler\\..*"), ""),
                    Rule.of("classifier\\.(.*)", "heads.head.{1}")));

    private static final Table TIMM_VIT_TORCHVISION = new Table(
            "timm",
            "blocks\\.0\\.attn\\.qkv\\.weight",
            VIT_TORCHVISION.net(),
            List.of(
                    Rule.of("cls_token", "class_token"),
                    Rule.of("pos_embed", "encoder.pos_embedding"),
                    Rule.of("patch_embed\\.proj\\.(.*)", "conv_proj.{1}"),
                    Rule.of("blocks\\.(\\d+)\\.norm([12])\\.(.*)", torchvision("ln_{2}.{3}")),
                    Rule.of("blocks\\.(\\d+)\\.attn\\.qkv\\.(.*)", torchvision("self_attention.in_proj_{2}")),
                    Rule.of("blocks\\.(\\d+)\\.attn\\.proj\\.(.*)", torchvision("self_attention.out_proj.{2}")),
                    Rule.of("blocks\\.(\\d+)\\.mlp\\.fc1\\.(.*)", torchvision("mlp.0.{2}")),
                    Rule.of("blocks\\.(\\d+)\\.mlp\\.fc2\\.(.*)", torchvision("mlp.3.{2}")),
                    Rule.of("norm\\.(.*)", "encoder.ln.{1}"),
                    Rule.of("head\\.(.*)", "heads.head.{1}")));

    private static final Table CONVNEXT = new Table(
            "transformers",
            "(?:convnext\\.)?encoder\\.stages\\.0\\.layers\\.0\\.dwconv\\.weight",
            "features.1.0.layer_scale",
            List.of(
                    Rule.of("(?:convnext\\.)?embeddings\\.patch_embeddings\\.(.*)", "features.0.0.{1}"),
                    Rule.of("(?:convnext\\.)?embeddings\\.layernorm\\.(.*)", "features.0.1.{1}"),
                    Rule.of(convNext("downsampling_layer\\.(\\d+)\\.(.*)"), "features.{1*2}.{2}.{3}"),
                    Rule.of(convNext("layers\\.(\\d+)\\.layer_scale_parameter"), "features.{1*2+1}.{2}.layer_scale"),
                    Rule.of(convNext("layers\\.(\\d+)\\.dwconv\\.(.*)"), "features.{1*2+1}.{2}.block.0.{3}"),
                    Rule.of(convNext("layers\\.(\\d+)\\.layernorm\\.(.*)"), "features.{1*2+1}.{2}.block.2.{3}"),
                    Rule.of(convNext("layers\\.(\\d+)\\.pwconv1\\.(.*)"), "features.{1*2+1}.{2}.block.3.{3}"),
                    Rule.of(convNext("layers\\.(\\d+)\\.pwconv2\\.(.*)"), "features.{1*2+1}.{2}.block.5.{3}"),
                    Rule.of("(?:convnext\\.)?layernorm\\.(.*)", "classifier.0.{1}"),
                    Rule.of("classifier\\.(weight|bias)", "classifier.2.{1}")));

    private static final Table TIMM_CONVNEXT = new Table(
            "timm",
            "stages\\.0\\.blocks\\.0\\.conv_dw\\.weight",
            CONVNEXT.net(),
            List.of(
                    Rule.of("stem\\.([01])\\.(.*)", "features.0.{1}.{2}"),
                    Rule.of("stages\\.(\\d+)\\.downsample\\.([01])\\.(.*)", "features.{1*2}.{2}.{3}"),
                    Rule.of("stages\\.(\\d+)\\.blocks\\.(\\d+)\\.gamma", "features.{1*2+1}.{2}.layer_scale"),
                    Rule.of("stages\\.(\\d+)\\.blocks\\.(\\d+)\\.conv_dw\\.(.*)", "features.{1*2+1}.{2}.block.0.{3}"),
                    Rule.of("stages\\.(\\d+)\\.blocks\\.(\\d+)\\.norm\\.(.*)", "features.{1*2+1}.{2}.block.2.{3}"),
                    Rule.of("stages\\.(\\d+)\\.blocks\\.(\\d+)\\.mlp\\.fc1\\.(.*)", "features.{1*2+1}.{2}.block.3.{3}"),
                    Rule.of("stages\\.(\\d+)\\.blocks\\.(\\d+)\\.mlp\\.fc2\\.(.*)", "features.{1*2+1}.{2}.block.5.{3}"),
                    Rule.of("head\\.norm\\.(.*)", "classifier.0.{1}"),
                    Rule.of("head\\.fc\\.(.*)", "classifier.2.{1}")));

    private static final Table SWIN = new Table(
            "transformers",
            "(?:swin\\.)?encoder\\.layers\\.0\\.blocks\\.0\\.attention\\.self\\.query\\.weight",
            "features.1.0.attn.relative_position_bias_table",
            List.of(
                    Rule.of("(?:swin\\.)?embeddings\\.patch_embeddings\\.projection\\.(.*)", "features.0.0.{1}"),
                    Rule.of("(?:swin\\.)?embeddings\\.norm\\.(.*)", "features.0.2.{1}"),
                    Rule.of(swin("layernorm_before\\.(.*)"), "features.{1*2+1}.{2}.norm1.{3}"),
                    Rule.of(swin("layernorm_after\\.(.*)"), "features.{1*2+1}.{2}.norm2.{3}"),
                    Rule.of(swin("attention\\.self\\.query\\.(.*)"), "features.{1*2+1}.{2}.attn.qkv.{3}#1"),
                    Rule.of(swin("attention\\.self\\.key\\.(.*)"), "features.{1*2+1}.{2}.attn.qkv.{3}#2"),
                    Rule.of(swin("attention\\.self\\.value\\.(.*)"), "features.{1*2+1}.{2}.attn.qkv.{3}#3"),
                    Rule.of(swin("attention\\.self\\.(relative.*)"), "features.{1*2+1}.{2}.attn.{3}"),
                    Rule.of(swin("attention\\.output\\.dense\\.(.*)"), "features.{1*2+1}.{2}.attn.proj.{3}"),
                    Rule.of(swin("intermediate\\.dense\\.(.*)"), "features.{1*2+1}.{2}.mlp.0.{3}"),
                    Rule.of(swin("output\\.dense\\.(.*)"), "features.{1*2+1}.{2}.mlp.3.{3}"),
                    Rule.of("(?:swin\\.)?encoder\\.layers\\.(\\d+)\\.downsample\\.(.*)", "features.{1*2+2}.{2}"),
                    Rule.of("(?:swin\\.)?layernorm\\.(.*)", "norm.{1}"),
                    Rule.of("classifier\\.(.*)", "head.{1}")));

    /** Swin's own release, whose patches are merged at the end of a stage, as torchvision has it. */
    private static final Table MICROSOFT_SWIN = new Table(
            "Microsoft", "layers\\.0\\.downsample\\.reduction\\.weight", SWIN.net(), swinRules("features.{1*2+2}.{2}"));

    /** timm's, whose patches are merged at the beginning of the next stage. */
    private static final Table TIMM_SWIN = new Table(
            "timm", "layers\\.1\\.downsample\\.reduction\\.weight", SWIN.net(), swinRules("features.{1*2}.{2}"));

    /** In the order in which they are tried. */
    static final List<Table> ALL = List.of(
            RESNET,
            VIT,
            VIT_TORCHVISION,
            TIMM_VIT_TORCHVISION,
            CONVNEXT,
            TIMM_CONVNEXT,
            SWIN,
            MICROSOFT_SWIN,
            TIMM_SWIN);

    private NameTables() {}

    private static List<Rule> swinRules(String merged) {
        String block = "layers\\.(\\d+)\\.blocks\\.(\\d+)\\.";
        return List.of(
                Rule.of("patch_embed\\.proj\\.(.*)", "features.0.0.{1}"),
                Rule.of("patch_embed\\.norm\\.(.*)", "features.0.2.{1}"),
                Rule.of(block + "attn_mask", ""), // computed here
                Rule.of(block + "mlp\\.fc1\\.(.*)", "features.{1*2+1}.{2}.mlp.0.{3}"),
                Rule.of(block + "mlp\\.fc2\\.(.*)", "features.{1*2+1}.{2}.mlp.3.{3}"),
                Rule.of(block + "(.*)", "features.{1*2+1}.{2}.{3}"),
                Rule.of("layers\\.(\\d+)\\.downsample\\.(.*)", merged),
                Rule.of("head\\.fc\\.(.*)", "head.{1}"));
    }

    private static String resNetUnit(String layer) {
        return "resnet\\.encoder\\.stages\\.(\\d+)\\.layers\\.(\\d+)\\." + layer + "\\.(.*)";
    }

    private static String vit(String name) {
        return "(?:(?:vit|deit)\\.)?" + name;
    }

    private static String vitBlock(String layer) {
        return vit("encoder\\.layer\\.(\\d+)\\." + layer + "\\.(.*)");
    }

    private static String torchvision(String layer) {
        return "encoder.layers.encoder_layer_{1}." + layer;
    }

    private static String convNext(String rest) {
        return "(?:convnext\\.)?encoder\\.stages\\.(\\d+)\\." + rest;
    }

    private static String swin(String rest) {
        return "(?:swin\\.)?encoder\\.layers\\.(\\d+)\\.blocks\\.(\\d+)\\." + rest;
    }
}
