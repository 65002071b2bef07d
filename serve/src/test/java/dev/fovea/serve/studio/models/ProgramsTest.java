package dev.fovea.serve.studio.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theProgramIsCompiledAsItStands(boolean generator) throws Exception {
        Path source = folder.resolve("UseModel.java");
        Files.writeString(source, Programs.java(generator, "C:\\models\\\"flowers\""));
        var remarks = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, remarks, "-d", folder.toString(), "-Xlint:all,-processing,-path", source.toString());
        assertThat(status).as(remarks.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(folder.resolve("UseModel.class")).exists();
    }

    /** Those of the build. */
    @Test
    void theDependenciesHaveTheVersionsThatTheLibraryIsBuiltWith() throws Exception {
        String pom = Files.readString(Path.of("../pom.xml"));
        String binding = property(pom, "javacpp.version");
        assertThat(Programs.dependencies("1.2.3"))
                .contains("<artifactId>fovea-core</artifactId>\n  <version>1.2.3</version>")
                .contains("<artifactId>pytorch-platform</artifactId>\n  <version>%s</version>"
                        .formatted(property(pom, "pytorch.version").replace("${javacpp.version}", binding)))
                .contains("<artifactId>opencv-platform</artifactId>\n  <version>%s</version>"
                        .formatted(property(pom, "opencv.version").replace("${javacpp.version}", binding)));
    }

    private static String property(String pom, String name) {
        var found = Pattern.compile("<%1$s>([^<]+)</%1$s>".formatted(Pattern.quote(name)))
                .matcher(pom);
        assertThat(found.find()).as(name).isTrue();
        return found.group(1);
    }
}
