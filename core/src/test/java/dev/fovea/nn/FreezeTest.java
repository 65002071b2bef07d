package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.Drawn;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.models.Models;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreezeTest {

    private static final List<String> NAMES = List.of(
            "conv1.weight",
            "bn1.weight",
            "bn1.bias",
            "layer1.0.conv1.weight",
            "layer1.0.bn1.weight",
            "layer10.0.conv1.weight",
            "fc.bias");

    private static Set<String> matched(String pattern) {
        var freeze = new Freeze(List.of(pattern));
        return NAMES.stream().filter(freeze::matches).collect(Collectors.toSet());
    }

    @Test
    void aPatternMatchesNamesAndModulesAsAWhole() {
        assertThat(matched("layer1.*")).containsExactlyInAnyOrder("layer1.0.conv1.weight", "layer1.0.bn1.weight");
        assertThat(matched("layer1")).containsExactlyInAnyOrder("layer1.0.conv1.weight", "layer1.0.bn1.weight");
        assertThat(matched("layer1.0")).containsExactlyInAnyOrder("layer1.0.conv1.weight", "layer1.0.bn1.weight");
        assertThat(matched("*.bias")).containsExactlyInAnyOrder("bn1.bias", "fc.bias");
        assertThat(matched("*bn1.weight")).containsExactlyInAnyOrder("bn1.weight", "layer1.0.bn1.weight");
        assertThat(matched("conv1")).containsExactly("conv1.weight");
        assertThat(matched("onv1")).isEmpty();
        assertThat(matched("layer1.0.conv1.weigh.")).as("a dot is a dot").isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "layr1.*|no parameter matches 'layr1.*', did you mean 'layer1'? Parameters are conv1.weight, bn1.weight, "
                        + "bn1.bias, layer1.0.conv1.weight, layer1.0.bn1.weight and 2 more",
                "fc.bais|no parameter matches 'fc.bais', did you mean 'fc.bias'?",
                "zzzzzzzzzzzzzzz|no parameter matches 'zzzzzzzzzzzzzzz'. Parameters are conv1.weight",
                "*|all 7 parameters match, so nothing would be trained. Leave a pattern out"
            })
    void refusesPatternsThatFreezeNothingOrAll(String pattern, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Freeze(List.of(pattern)).check(NAMES))
                .withMessageStartingWith("freeze: " + message);
    }

    @Test
    void frozenNormsStayInEvaluationModeAndOthersDoNot() {
        var net = (Net) Models.create("resnet18", 3, 32, 32, 10);
        net.state().freeze(List.of("bn1", "layer1.*", "layer2.0.bn1.weight"));
        net.state().train(true);
        assertThat(net.children().get("bn1").state().training()).isFalse();
        var first = (Net) ((Net) net.children().get("layer1")).children().get("0");
        assertThat(first.children().get("bn2").state().training()).isFalse();
        var second = (Net) ((Net) net.children().get("layer2")).children().get("0");
        assertThat(second.children().get("bn1").state().training())
                .as("its bias learns")
                .isTrue();
        assertThat(net.state().training()).isTrue();
        assertThat(net.state().learning())
                .hasSize(62 - 2 - 12 - 1)
                .containsKey("layer2.0.bn1.bias")
                .doesNotContainKeys("bn1.weight", "layer1.1.bn2.bias", "layer2.0.bn1.weight");
        assertThat(net.state().frozenCount()).isEqualTo(2 * 64 + 4 * (64 * 64 * 9 + 128) + 128);
    }

    @Test
    void noGradientReachesAFrozenWeightAndDropoutGoesOn() {
        var net = Drawn.by(1, LayerText.build("dense 8, relu, dropout 0.5, dense 4", Shape.of(6), 0));
        net.state().freeze(List.of("0"));
        net.state().train(true);
        assertThat(net.state().drops()).isTrue();
        try (var scope = new Scope()) {
            net.forward(Tensor.ones(3, 6)).sum().backward();
        }
        assertThat(net.state().parameters().get("0.weight").hasGrad()).isFalse();
        assertThat(net.state().parameters().get("3.weight").hasGrad()).isTrue();
    }
}
