package dev.fovea.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell launcher, in a folder of its own with a build and a Java that only say how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    @TempDir
    private Path home;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void install() throws IOException {
        script("fovea", Files.readString(Path.of("..", "fovea")));
        script("mvnw", "#!/bin/sh\nmkdir -p \"$(dirname \"$0\")/cli/target\"\necho \"mvnw $*\" >&2\n");
        script("jdk/bin/java", "#!/bin/sh\necho \"LC_ALL=${LC_ALL:-}\"\nfor a in \"$@\"; do echo \"$a\"; done\n");
        for (String source : List.of("core/src/main", "cli/src/main")) {
            Files.createDirectories(home.resolve(source));
        }
        for (String pom : List.of("pom.xml", "core/pom.xml", "cli/pom.xml")) {
            Files.createFile(home.resolve(pom));
        }
    }

    @Test
    void startsThroughASymbolicLinkToALink() throws Exception {
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("relative"), Path.of("..", "fovea"));
        Files.createSymbolicLink(bin.resolve("absolute"), bin.resolve("relative"));
        Ended ended = run(bin.resolve("absolute"), Map.of());
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains(home.toRealPath() + "/cli/target/classes:");
    }

    @Test
    void buildsTheCpuAndTheGpuVariantOnceEach() throws Exception {
        assertThat(run(Map.of()).err()).contains("mvnw ").doesNotContain("-Pgpu");
        Ended gpu = run(Map.of("FOVEA_GPU", "1"));
        assertThat(gpu.err()).contains("-Pgpu");
        assertThat(gpu.out()).contains("/cli/target/lib-gpu/*");
        assertThat(run(Map.of("FOVEA_GPU", "1")).err()).isEmpty();
        assertThat(run(Map.of("FOVEA_GPU", "0")).out()).contains("/cli/target/lib/*");
        assertThat(run(Map.of()).err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FOVEA_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"})
    void leavesTheGarbageCollectorToAUserWhoNamesOne(String variable) throws Exception {
        assertThat(run(Map.of()).out()).contains("-XX:+UseParallelGC");
        assertThat(run(Map.of(variable, "-Xmx1g -XX:+UseG1GC")).out()).doesNotContain("UseParallelGC", "-Xmn");
    }

    @Test
    void keepsStandardOutputFreeOfWarningsOfTheJvm() throws Exception {
        script(
                "jdk/bin/java",
                "#!/bin/sh\nflags=\nwhile [ \"$1\" != -cp ]; do flags=\"$flags $1\"; shift; done\n" + "exec "
                        + Path.of(System.getProperty("java.home"), "bin", "java") + " $flags -version\n");
        Ended ended = run(Map.of("FOVEA_JAVA_OPTS", "-Xmx64m"));
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void givesJavaNamesInUtf8WhereTheLocaleHasAsciiOnly() throws Exception {
        assertThat(run(Map.of()).out()).startsWith("LC_ALL=C.UTF-8\n");
        assertThat(run(Map.of("LC_ALL", "C")).out()).startsWith("LC_ALL=C.UTF-8\n");
        assertThat(run(Map.of("LANG", "xx_XX.UTF-8")).out()).startsWith("LC_ALL=C.UTF-8\n");
    }

    @Test
    void passesArgumentsAsTheyAre() throws Exception {
        assertThat(run(Map.of()).out()).endsWith("dev.fovea.cli.Main\npredict\na b.png\n");
    }

    private Ended run(Map<String, String> environment) throws Exception {
        return run(home.resolve("fovea"), environment);
    }

    private Ended run(Path script, Map<String, String> environment) throws Exception {
        Path out = home.resolve("out.txt");
        Path err = home.resolve("err.txt");
        var builder = new ProcessBuilder(script.toString(), "predict", "a b.png");
        builder.environment().keySet().removeIf(name -> name.matches("LANG|LC_.*|FOVEA_.*|JAVA_.*|JDK_.*"));
        builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
        builder.environment().putAll(environment);
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private void script(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
