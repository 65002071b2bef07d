package dev.fovea.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {

    @Test
    void isPrintedAsItIsNamed() {
        assertThat(Device.CPU).hasToString("cpu").isEqualTo(Device.of("CPU"));
        assertThat(Device.META).hasToString("meta");
        assertThat(Device.cuda(1)).hasToString("cuda:1").isNotEqualTo(Device.cuda(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "cuda:", "cuda:x", "cuda:-1", "cpu:0", "cuda:100"})
    void otherNamesAreRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Device.of(name))
                .withMessage("device must be auto, cpu or cuda, got device=" + name);
    }

    @ParameterizedTest
    @CsvSource({"cuda", "cuda:1"})
    void aGpuThatIsNotThereIsNamed(String name) {
        if (Device.cuda(1).available()) {
            return; // a machine with two has them
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Device.of(Device.cuda(0).available() ? "cuda:1" : name))
                .withMessageContaining("got device=" + (Device.cuda(0).available() ? "cuda:1" : name));
    }
}
