package dev.fovea;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {

    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static final String AROUND = """
            import static dev.fovea.nn.Layers.*;
            import dev.fovea.data.*;
            import dev.fovea.nn.*;
            import dev.fovea.task.*;
            import dev.fovea.task.classify.*;
            import dev.fovea.train.*;
            import java.nio.file.Path;
            class Example { void run() { %s } }
            """;

    @TempDir
    Path folder;

    @Test
    void everyJavaExampleCompiles() throws IOException {
        var blocks = BLOCK.matcher(Files.readString(Path.of("../README.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(blocks).hasSize(1);
        var compiler = ToolProvider.getSystemJavaCompiler();
        for (String block : blocks) {
            var found = new DiagnosticCollector<JavaFileObject>();
            var options =
                    List.of("-d", folder.toString(), "-proc:none", "-classpath", System.getProperty("java.class.path"));
            compiler.getTask(null, null, found, options, null, List.of(new Source(AROUND.formatted(block))))
                    .call();
            var errors = new ArrayList<String>();
            found.getDiagnostics().forEach(d -> {
                if (d.getKind() == javax.tools.Diagnostic.Kind.ERROR) {
                    errors.add(d.getMessage(Locale.ROOT));
                }
            });
            assertThat(errors).as(block).isEmpty();
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Example.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
