package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.models.Architecture.Registered;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class OptionsTest {

    static List<ModelEntry> entries() {
        return Models.all();
    }

    private static NetConfig config(String model) {
        return ((Registered) Architecture.of(model)).config();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void aModelWithAllItsOptionsWrittenOutIsThatModel(ModelEntry entry) {
        String whole = (entry.name() + " " + entry.optionText()).strip();
        assertThat(config(whole)).isEqualTo(entry.config());
        assertThat(Architecture.of(whole).text()).isEqualTo(entry.name());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vae code=8",
                "resnet18 unit=bottleneck depths=1,2,1,1 width=16",
                "dense-autoencoder activation=sigmoid tied=true",
                "cnn-rnn cell=lstm dropout=0.25",
                "patchcore backbone=(conv-autoencoder code=8)",
                "lenet5 layers=(flatten, dense classes)",
                "flatten, dense classes"
            })
    void anArchitectureComesBackFromJson(String model) {
        var json = JsonMapper.shared();
        String written = json.writeValueAsString(Architecture.of(model));
        Architecture read = json.readValue(written, Architecture.class);
        assertThat(read).isEqualTo(Architecture.of(model));
        assertThat(read.text()).isEqualTo(model);
    }

    @Test
    void jsonHasAllOptionsWithTheirKinds() {
        assertThat(Architecture.of("resnet18 width=16").values())
                .containsEntry("name", "resnet18")
                .containsEntry("unit", "basic")
                .containsEntry("depths", List.of(2, 2, 2, 2))
                .containsEntry("width", 16)
                .containsEntry("squeeze", false);
        assertThat(Architecture.of("cnn-rnn motion=0").values())
                .containsEntry("motion", false)
                .containsEntry("dropout", 0.0)
                .containsEntry("backbone", "cifar-cnn");
    }

    @Test
    void aNarrowResidualNetworkHasAsManyParametersAsItsLayersSay() {
        // Stem 3*7*7*2 + 4, four stages of one basic unit at 2, 4, 8, 16 channels, head 16*3 + 3.
        int stem = 3 * 49 * 2 + 4;
        int first = 2 * (2 * 2 * 9 + 4);
        int others = 0;
        for (int out : new int[] {4, 8, 16}) {
            int in = out / 2;
            others += in * out * 9 + out * out * 9 + in * out + 3 * 2 * out;
        }
        assertThat(Models.create("resnet18 depths=1,1,1,1 width=2", 3, 64, 64, 3)
                        .state()
                        .parameterCount())
                .isEqualTo(stem + first + others + 16 * 3 + 3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dense-autoencoder tied=yes|dense-autoencoder: option tied must be true or false, got 'yes'",
                "resnet18 depths=2,2|ResNet: depths must be four numbers, got depths=[2, 2]",
                "resnet18 depths=2,2,2,x|resnet18: option depths must be a number, got 'x'",
                "resnet18 depths=2,2,2,0|option depths must be a whole number from 1 to 1000, got 0",
                "resnet18 unit=wide|option unit must be one of basic, bottleneck, got 'wide'",
                "vae width=0|option width must be a whole number from 1 to 65536, got 0",
                "vae width=1.5|option width must be a whole number from 1 to 65536, got 1.5",
                "vae width=9999999999|option width must be a whole number from 1 to 65536, got 9999999999",
                "inception_v3 width=2|inception_v3: unknown option 'width'"
            })
    void saysWhatAnOptionTakes(String model, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.create(model, 3, 32, 32, 10))
                .withMessageContaining(message);
    }
}
