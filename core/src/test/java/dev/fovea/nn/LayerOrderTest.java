package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.engine.NoValues;
import dev.fovea.models.Models;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerOrderTest {

    private static LayerOrder of(String model) {
        try (var shapes = new NoValues()) {
            return LayerOrder.of(Models.get(model).create());
        }
    }

    /** Groups and their members as timm's group_matcher tells them apart, its own group of the last norm aside. */
    @ParameterizedTest
    @CsvSource({
        "resnet18,10,conv1.weight,9",
        "resnet18,10,bn1.bias,9",
        "resnet18,10,layer1.0.conv1.weight,8",
        "resnet18,10,layer4.1.bn2.weight,1",
        "resnet18,10,fc.bias,0",
        "vit_b_16,14,class_token,13",
        "vit_b_16,14,encoder.pos_embedding,13",
        "vit_b_16,14,encoder.layers.encoder_layer_0.ln_1.weight,12",
        "vit_b_16,14,encoder.layers.encoder_layer_11.mlp.3.bias,1",
        "vit_b_16,14,encoder.ln.weight,1",
        "vit_b_16,14,heads.head.weight,0",
        "convnext_tiny,23,features.1.0.layer_scale,21",
        "convnext_tiny,23,features.1.0.block.0.weight,21",
        "convnext_tiny,23,features.1.1.layer_scale,20",
        "mobilenet_v2,20,features.0.1.weight,19",
        "mobilenet_v2,20,classifier.1.weight,0",
        "swin_t,17,features.1.1.norm1.weight,14",
        "googlenet,13,inception5b.branch1.conv.weight,1"
    })
    void blocksAreCountedFromTheHead(String model, int groups, String name, int distance) {
        LayerOrder order = of(model);
        assertThat(order.groups()).isEqualTo(groups);
        assertThat(order.group()).containsKey(name);
        assertThat(order.distance(name)).isEqualTo(distance);
    }

    @Test
    void layersAsTextAreBlocksOfTheirOwn() {
        LayerOrder order = LayerOrder.of(
                LayerText.build("conv 4 3, batchnorm, relu, conv 4 3, relu, flatten, dense 10", 3, 8, 8, 10));
        assertThat(order.groups()).isEqualTo(3);
        assertThat(order.distance("1.weight"))
                .as("a norm is part of the layer before it")
                .isEqualTo(2);
        assertThat(order.distance("3.weight")).isEqualTo(1);
        assertThat(order.head()).containsExactlyInAnyOrder("6.weight", "6.bias");
    }

    @Test
    void everyNetworkHasAHeadAndGroupsWithoutGaps() {
        for (var entry : Models.all()) {
            try (var shapes = new NoValues()) {
                LayerOrder order = LayerOrder.of(entry.create());
                assertThat(order.head()).as(entry.name()).isNotEmpty();
                assertThat(new TreeSet<>(order.group().values()))
                        .as(entry.name())
                        .hasSize(order.groups())
                        .last()
                        .isEqualTo(order.groups() - 1);
            }
        }
    }
}
