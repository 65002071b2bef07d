package dev.fovea.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void measuresAllInFiveRoundsByDefault() {
        var options = Options.parse(new String[0]);
        assertThat(options.rounds()).isEqualTo(5);
        assertThat(options.contenders()).isEqualTo(Contender.ALL);
        assertThat(options.configurations()).isEqualTo(Configuration.ALL);
        assertThat(options.update()).isFalse();
    }

    @Test
    void takesSomeContendersAndConfigurations() {
        var options = Options.parse(
                new String[] {"--only", "fovea,djl", "--config", "resnet18-32:64", "--steps", "7", "--update"});
        assertThat(options.contenders())
                .extracting(Contender::name)
                .containsExactly("fovea fp32", "fovea auto", "djl fp32");
        assertThat(options.configurations()).containsExactly(new Configuration("resnet18-32", 64, 7));
        assertThat(options.update()).isTrue();
    }

    @Test
    void rejectsAnUnknownEngine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(new String[] {"--only", "torch"}))
                .withMessage("--only: unknown engine 'torch'");
    }

    @Test
    void rejectsNoRounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(new String[] {"--rounds", "0"}))
                .withMessage("--rounds must be a positive whole number, got '0'");
    }

    @Test
    void rejectsAnOptionWithoutItsValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(new String[] {"--rounds"}))
                .withMessage("--rounds needs a value");
    }

    @Test
    void callsFoveaByItsLauncher() {
        var command = Contender.ALL.get(1).command(Configuration.ALL.get(2), Path.of("/fovea"), "java", "");
        assertThat(String.join(" ", command))
                .isEqualTo("/fovea/fovea bench train resnet18 --input 3x32x32 --classes 10 --batch 64 --steps 60 "
                        + "--precision auto --device cpu --json");
    }

    @Test
    void callsAPeerByItsProgram() {
        Contender dl4j = Contender.ALL.get(7);
        var command = dl4j.command(Configuration.ALL.get(0), Path.of("/fovea"), "java", "a.jar");
        assertThat(String.join(" ", command))
                .isEqualTo("java -Xmx4g -XX:+UseParallelGC -cp a.jar dev.fovea.bench.peers.Dl4jPeer --model cifar-cnn "
                        + "--batch 64 --steps 60 --warmup 6 --precision fp32");
    }
}
