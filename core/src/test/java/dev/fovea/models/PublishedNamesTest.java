package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.Drawn;
import dev.fovea.engine.NoValues;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Module;
import dev.fovea.nn.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names on the left are those of files as transformers and timm publish them. */
class PublishedNamesTest {

    /** Files of 2019 to 2021 have the names of that time. */
    @ParameterizedTest
    @CsvSource({
        "retinanet_resnet50_fpn, head.regression_head.conv.6.bias, head.regression_head.conv.3.0.bias",
        "retinanet_resnet50_fpn, backbone.fpn.layer_blocks.2.weight, backbone.fpn.layer_blocks.2.0.weight",
        "fcos_resnet50_fpn, head.regression_head.conv.6.bias, head.regression_head.conv.6.bias",
        "maskrcnn_resnet50_fpn, rpn.head.conv.weight, rpn.head.conv.0.0.weight",
        "maskrcnn_resnet50_fpn, roi_heads.mask_head.mask_fcn4.bias, roi_heads.mask_head.3.0.bias",
        "maskrcnn_resnet50_fpn, backbone.body.layer1.0.bn1.weight, backbone.body.layer1.0.bn1.weight"
    })
    void detectorsOfTorchvisionBefore(String model, String theirs, String ours) {
        try (var shapes = new NoValues()) {
            Tensor value = Tensor.zeros(1);
            var file = new LinkedHashMap<String, Tensor>();
            for (String name :
                    List.of("backbone.fpn.inner_blocks.0.weight", "head.classification_head.conv.0.weight", theirs)) {
                file.put(name, value);
            }
            assertThat(PublishedNames.of(Models.get(model).create(), file)).containsKey(ours);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "resnet.embedder.embedder.convolution.weight, conv1.weight",
        "resnet.embedder.embedder.normalization.running_mean, bn1.running_mean",
        "resnet.encoder.stages.0.layers.0.shortcut.convolution.weight, layer1.0.downsample.0.weight",
        "resnet.encoder.stages.3.layers.0.shortcut.normalization.bias, layer4.0.downsample.1.bias",
        "resnet.encoder.stages.2.layers.5.layer.2.convolution.weight, layer3.5.conv3.weight",
        "resnet.encoder.stages.2.layers.5.layer.0.normalization.num_batches_tracked, layer3.5.bn1.num_batches_tracked",
        "classifier.1.bias, fc.bias",
        "something.else, something.else",
    })
    void resNetOfTransformers(String theirs, String ours) {
        assertThat(table("layer1.0.conv1.weight", "resnet.embedder.embedder.convolution.weight")
                        .rename(theirs))
                .isEqualTo(ours);
    }

    @ParameterizedTest
    @CsvSource({
        "vit.embeddings.cls_token, cls_token, class_token",
        "embeddings.cls_token, cls_token, class_token",
        "vit.embeddings.position_embeddings, pos_embed, encoder.pos_embedding",
        "vit.encoder.layer.11.attention.attention.key.bias, blocks.11.attn.qkv.bias#2, encoder.layers.encoder_layer_11.self_attention.in_proj_bias#2",
        "vit.encoder.layer.3.attention.output.dense.weight, blocks.3.attn.proj.weight, encoder.layers.encoder_layer_3.self_attention.out_proj.weight",
        "vit.encoder.layer.3.output.dense.weight, blocks.3.mlp.fc2.weight, encoder.layers.encoder_layer_3.mlp.3.weight",
        "vit.encoder.layer.3.layernorm_after.weight, blocks.3.norm2.weight, encoder.layers.encoder_layer_3.ln_2.weight",
        "vit.layernorm.weight, norm.weight, encoder.ln.weight",
        "vit.pooler.dense.weight, '', ''",
        "classifier.weight, head.weight, heads.head.weight",
    })
    void visionTransformersOfTransformers(String theirs, String timm, String torchvision) {
        String mark = "vit.embeddings.patch_embeddings.projection.weight";
        assertThat(table("blocks.0.attn.qkv.weight", mark).rename(theirs)).isEqualTo(timm);
        assertThat(table("encoder.layers.encoder_layer_0.self_attention.in_proj_weight", mark)
                        .rename(theirs))
                .isEqualTo(torchvision);
    }

    @ParameterizedTest
    @CsvSource({
        "deit.embeddings.distillation_token, dist_token",
        "cls_classifier.weight, head.weight",
        "distillation_classifier.bias, head_dist.bias",
    })
    void deitOfTransformers(String theirs, String ours) {
        assertThat(table("blocks.0.attn.qkv.weight", "deit.embeddings.patch_embeddings.projection.weight")
                        .rename(theirs))
                .isEqualTo(ours);
    }

    @ParameterizedTest
    @CsvSource({
        "convnext.embeddings.patch_embeddings.weight, features.0.0.weight",
        "convnext.encoder.stages.0.layers.2.layer_scale_parameter, features.1.2.layer_scale",
        "convnext.encoder.stages.3.layers.0.pwconv2.bias, features.7.0.block.5.bias",
        "convnext.encoder.stages.2.downsampling_layer.1.weight, features.4.1.weight",
        "convnext.layernorm.weight, classifier.0.weight",
        "classifier.weight, classifier.2.weight",
    })
    void convNextOfTransformers(String theirs, String ours) {
        assertThat(table("features.1.0.layer_scale", "convnext.encoder.stages.0.layers.0.dwconv.weight")
                        .rename(theirs))
                .isEqualTo(ours);
    }

    @ParameterizedTest
    @CsvSource({
        "swin.encoder.layers.2.blocks.5.attention.self.value.weight, features.5.5.attn.qkv.weight#3",
        "swin.encoder.layers.2.blocks.5.attention.self.relative_position_index, features.5.5.attn.relative_position_index",
        "swin.encoder.layers.0.downsample.norm.weight, features.2.norm.weight",
        "swin.encoder.layers.1.blocks.0.output.dense.bias, features.3.0.mlp.3.bias",
        "swin.layernorm.bias, norm.bias",
    })
    void swinOfTransformers(String theirs, String ours) {
        assertThat(table(
                                "features.1.0.attn.relative_position_bias_table",
                                "swin.encoder.layers.0.blocks.0.attention.self.query.weight")
                        .rename(theirs))
                .isEqualTo(ours);
    }

    @Test
    void swinMergesPatchesAtTheEndOrTheBeginningOfAStage() {
        String net = "features.1.0.attn.relative_position_bias_table";
        assertThat(table(net, "layers.0.downsample.reduction.weight").rename("layers.0.downsample.norm.bias"))
                .isEqualTo("features.2.norm.bias");
        assertThat(table(net, "layers.1.downsample.reduction.weight").rename("layers.1.downsample.norm.bias"))
                .isEqualTo("features.2.norm.bias");
    }

    @Test
    void aWholeResNetIsRenamedAndItsValuesAreWhereTheyBelong() {
        try (var scope = new Scope()) {
            Module net = Drawn.by(3, Models.get("resnet18").create(3, 32, 32, 4));
            var theirs = new LinkedHashMap<String, Tensor>();
            net.state().tensors().forEach((name, tensor) -> theirs.put(transformers(name), tensor));
            Map<String, Tensor> ours = PublishedNames.of(net, theirs);
            assertThat(ours).containsExactlyEntriesOf(net.state().tensors());
        }
    }

    @Test
    void partsAreJoinedInTheirOrderAndSizesOfOneAreAdded() {
        try (var scope = new Scope()) {
            State state = State.none();
            put(state, "blocks.0.attn.qkv.weight", Tensor.zeros(3, 1));
            put(state, "pos_embed", Tensor.zeros(1, 2));
            Module net = () -> state;
            var theirs = new LinkedHashMap<String, Tensor>();
            String block = "vit.encoder.layer.0.attention.attention.";
            theirs.put(block + "value.weight", Tensor.of(new float[] {3}, 1, 1));
            theirs.put(block + "query.weight", Tensor.of(new float[] {1}, 1, 1));
            theirs.put(block + "key.weight", Tensor.of(new float[] {2}, 1, 1));
            theirs.put("vit.embeddings.position_embeddings", Tensor.of(new float[] {5, 6}, 2));
            theirs.put("vit.embeddings.patch_embeddings.projection.weight", Tensor.zeros(1));
            Map<String, Tensor> ours = PublishedNames.of(net, theirs);
            assertThat(ours.get("blocks.0.attn.qkv.weight").toFloats()).containsExactly(1, 2, 3);
            assertThat(ours.get("pos_embed").shape()).containsExactly(1, 2);
        }
    }

    /** Puts a tensor under a name with dots, as children would. */
    private static void put(State state, String name, Tensor tensor) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            state.parameter(name, tensor);
            return;
        }
        State child = State.none();
        put(child, name.substring(dot + 1), tensor);
        state.add(name.substring(0, dot), child);
    }

    /** The inverse, for a network of basic units, written for this test alone. */
    private static String transformers(String name) {
        String[] parts = name.split("\\.");
        String last = parts[parts.length - 1];
        if (parts[0].equals("conv1")) {
            return "resnet.embedder.embedder.convolution." + last;
        }
        if (parts[0].equals("bn1")) {
            return "resnet.embedder.embedder.normalization." + last;
        }
        if (parts[0].equals("fc")) {
            return "classifier.1." + last;
        }
        String unit = "resnet.encoder.stages.%s.layers.%s.".formatted(parts[0].charAt(5) - '1', parts[1]);
        if (parts[2].equals("downsample")) {
            return unit + (parts[3].equals("0") ? "shortcut.convolution." : "shortcut.normalization.") + last;
        }
        int layer = parts[2].charAt(parts[2].length() - 1) - '1';
        return unit + "layer." + layer + (parts[2].startsWith("conv") ? ".convolution." : ".normalization.") + last;
    }

    private static PublishedNames.Table table(String net, String file) {
        List<PublishedNames.Table> fitting = NameTables.ALL.stream()
                .filter(table -> table.net().equals(net) && file.matches(table.file()))
                .toList();
        assertThat(fitting).hasSize(1);
        return fitting.get(0);
    }
}
