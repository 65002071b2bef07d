package dev.fovea;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What the compiler does not check and no rule over class files can see: text in the sources. */
class SourceRulesTest {

    /** Conversions that write the digits, points and commas of the country that the machine is set to. */
    private static final Pattern LOCALE = Pattern.compile("%(\\d+\\$)?[-+ 0,(#]*\\d*(\\.\\d+)?[dfegEG]");

    /** Says what is planned as it would be typed. */
    private static final String COMMAND = "TrainingPlan.java: ";

    private static final Pattern OPTION = Pattern.compile("(^|[\\s`(\"'])--[a-z]");

    /**
     * {@code formatted} takes the country's digits, so it may write text only ({@code %s}, which never does); numbers go
     * through {@code String.format(Locale.ROOT, ...)}.
     */
    @Test
    void numbersAreWrittenAlikeInEveryCountry() throws IOException {
        assertThat(faults(
                        List.of(
                                Path.of("src/main/java"),
                                Path.of("../serve/src/main/java"),
                                Path.of("../cli/src/main/java")),
                        SourceRulesTest::locale))
                .isEmpty();
    }

    @Test
    void theLibraryNamesNoOptionOfTheCommandLine() throws IOException {
        assertThat(faults(List.of(Path.of("src/main/java")), SourceRulesTest::option))
                .allMatch(fault -> fault.startsWith(COMMAND));
    }

    @Test
    void findsWhatIsForbidden() throws IOException {
        Path folder = Files.createTempDirectory("rules");
        Path file = Files.writeString(folder.resolve("A.java"), """
                class A {
                    String a = "%,d".formatted(1) + String.format("%s", 2) + x.formatted(3) + "A".toLowerCase();
                    String b = "%s".formatted(1) + String.format(Locale.ROOT, "%d", 2);
                    String c = "pass --skip-broken";
                }
                """);
        assertThat(faults(List.of(folder), SourceRulesTest::locale)).hasSize(4);
        assertThat(faults(List.of(folder), SourceRulesTest::option)).hasSize(1);
        Files.delete(file);
        Files.delete(folder);
    }

    private interface Rule {
        TreeScanner<Void, Void> scanner(List<String> faults);
    }

    private static List<String> faults(List<Path> roots, Rule rule) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var all = new ArrayList<String>();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            for (Path root : roots) {
                List<Path> sources;
                try (Stream<Path> files = Files.walk(root)) {
                    sources = files.filter(file -> file.toString().endsWith(".java"))
                            .toList();
                }
                var task = (JavacTask) compiler.getTask(
                        null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(sources));
                for (var unit : task.parse()) {
                    var found = new ArrayList<String>();
                    rule.scanner(found).scan(unit, null);
                    found.forEach(fault ->
                            all.add(Path.of(unit.getSourceFile().toUri()).getFileName() + ": " + fault));
                }
            }
        }
        return all;
    }

    private static TreeScanner<Void, Void> locale(List<String> faults) {
        return new TreeScanner<>() {
            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
                if (call.getMethodSelect() instanceof MemberSelectTree method && forbidden(call, method)) {
                    faults.add(call.toString());
                }
                return super.visitMethodInvocation(call, nothing);
            }
        };
    }

    private static boolean forbidden(MethodInvocationTree call, MemberSelectTree method) {
        return switch (method.getIdentifier().toString()) {
            case "formatted" -> !plain(method.getExpression());
            case "format" ->
                method.getExpression().toString().equals("String")
                        && !call.getArguments().get(0).toString().endsWith("Locale.ROOT");
            case "printf" -> true;
            case "toLowerCase", "toUpperCase" -> call.getArguments().isEmpty();
            default -> false;
        };
    }

    /** Literals alone, and none with a number in it. */
    private static boolean plain(ExpressionTree text) {
        boolean[] plain = {true, false};
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitLiteral(LiteralTree literal, Void nothing) {
                plain[0] &= !LOCALE.matcher(String.valueOf(literal.getValue())).find();
                plain[1] = true;
                return null;
            }

            @Override
            public Void visitIdentifier(IdentifierTree name, Void nothing) {
                plain[0] = false;
                return null;
            }
        }.scan(text, null);
        return plain[0] && plain[1];
    }

    private static TreeScanner<Void, Void> option(List<String> faults) {
        return new TreeScanner<>() {
            @Override
            public Void visitLiteral(LiteralTree literal, Void nothing) {
                // Of another program's command the options may be named: "dcmj2pnm --write-png IN OUT.png".
                if (literal.getValue() instanceof String text
                        && OPTION.matcher(text).find()
                        && !text.contains("dcmj2pnm")) {
                    faults.add(text);
                }
                return null;
            }
        };
    }
}
