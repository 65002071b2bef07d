package dev.fovea.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the guide says in Java is taken from the programs here, and where it links to is there. */
class DocumentationTest {

    private static final Path ROOT = root();

    private static final Pattern BLOCK = Pattern.compile("(?ms)^(?:```java|<pre>)\\R(.*?)^(?:```|</pre>)");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```|`[^`\\n]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+?) *$");

    /** The tests run below {@code examples}, wherever. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    @Test
    void everyJavaBlockIsTakenFromAProgram() {
        List<String> programs = files("examples/src/main/java", ".java")
                .map(file -> dense(text(file)))
                .toList();
        var strangers = new ArrayList<String>();
        pages().forEach(page -> BLOCK.matcher(text(page))
                .results()
                .map(block -> block.group(1))
                .filter(block -> programs.stream().noneMatch(program -> program.contains(dense(block))))
                .forEach(block -> strangers.add(ROOT.relativize(page) + ":\n" + block)));

        assertThat(strangers).isEmpty();
    }

    @Test
    void everyRelativeLinkLeadsSomewhere() {
        var broken = new ArrayList<String>();
        pages().forEach(page -> LINK.matcher(CODE.matcher(text(page)).replaceAll(""))
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.contains("://") && !link.startsWith("mailto:") && !leads(page, link))
                .forEach(link -> broken.add(ROOT.relativize(page) + " -> " + link)));

        assertThat(broken).isEmpty();
    }

    @Test
    void everyPageOfTheGuideIsInItsIndex() {
        String index = text(ROOT.resolve("docs/README.md"));

        assertThat(files("docs", ".md")
                        .map(page ->
                                ROOT.resolve("docs").relativize(page).toString().replace('\\', '/'))
                        .filter(page -> !page.startsWith("decisions") && !page.equals("README.md")))
                .allMatch(page -> index.contains("](" + page + ")"));
    }

    private static boolean leads(Path page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
    }

    /** As GitHub makes them of headings. */
    private static List<String> anchors(Path page) {
        return HEADING.matcher(text(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static Stream<Path> pages() {
        return Stream.concat(
                Stream.of(
                                "README.md",
                                "CONTRIBUTING.md",
                                "SECURITY.md",
                                "CHANGELOG.md",
                                "core/src/main/javadoc/overview.html")
                        .map(ROOT::resolve),
                files("docs", ".md"));
    }

    private static Stream<Path> files(String folder, String end) {
        try (Stream<Path> all = Files.walk(ROOT.resolve(folder))) {
            return all.filter(file -> file.toString().endsWith(end)).collect(Collectors.toList()).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Line breaks and indentation do not count. */
    private static String dense(String code) {
        return code.replaceAll("\\s+", "");
    }
}
