package dev.fovea.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    @ParameterizedTest
    @CsvSource({
        "onecycle,       constant step cosine one-cycle plateau,            one-cycle",
        "OneCycle,       constant step cosine one-cycle plateau,            one-cycle",
        "adm,            sgd adam adamw rmsprop,                            adam",
        "minst,          shapes mnist fashion-mnist kmnist,                 mnist",
        "flip,           fill crop horizontalFlip verticalFlip fillValue,   horizontalFlip",
        "resnt18,        resnet9 resnet34 resnet18,                         resnet18",
        "resnet-50,      resnet18 resnet50,                                 resnet50",
        "--dat,          --epochs --device --data,                          --data",
        "lr_rate,        momentum lr weightDecay,                           lr",
        "weight_decay,   momentum lr weightDecay,                           weightDecay",
        "trane,          demo train predict,                                train",
        "strech,         patch fit stretch crop,                            stretch"
    })
    void isWhatWasMeant(String asked, String known, String meant) {
        assertThat(Nearest.to(asked, List.of(known.split(" ")))).contains(meant);
    }

    @Test
    void isNothingWhereNothingIsNear() {
        assertThat(Nearest.to("imagenet", List.of("mnist", "cifar10"))).isEmpty();
        assertThat(Nearest.to("x", List.of("a", "batch"))).isEmpty();
        assertThat(Nearest.to("", List.of("a"))).isEmpty();
        assertThat(Nearest.hint("zzz", List.of("lr"))).isEmpty();
    }
}
