package dev.fovea;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.opentest4j.TestAbortedException;

class SkippedTestsTest {

    @Disabled
    private static final class Never {}

    @DisabledIf("nothing")
    private static final class Sometimes {}

    @DisabledOnOs(OS.WINDOWS)
    private static final class Elsewhere {}

    private Optional<String> detection = Optional.empty();

    @RegisterExtension
    BeforeEachCallback settings =
            context -> detection = context.getConfigurationParameter("junit.jupiter.extensions.autodetection.enabled");

    private static ExtensionContext test(AnnotatedElement element, String... tags) {
        return (ExtensionContext) Proxy.newProxyInstance(
                SkippedTestsTest.class.getClassLoader(),
                new Class<?>[] {ExtensionContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getElement" -> Optional.of(element);
                    case "getTags" -> Set.of(tags);
                    case "getDisplayName" -> "flies()";
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void anAssumptionThatFailsIsAFailureUnlessATagSaysWhatIsNeeded() {
        var watch = new SkippedTests();
        var aborted = new TestAbortedException("no wings");
        assertThatThrownBy(() -> watch.handleTestExecutionException(test(Never.class, "fast"), aborted))
                .isInstanceOf(AssertionError.class)
                .hasMessage(
                        "flies() would be skipped by an assumption: no wings. Tag it slow, gpu or network, or let it run");
        assertThatThrownBy(() -> watch.handleBeforeAllMethodExecutionException(test(Never.class), aborted))
                .isInstanceOf(AssertionError.class);
        for (String tag : new String[] {"slow", "gpu", "network"}) {
            assertThatThrownBy(() -> watch.handleTestExecutionException(test(Never.class, tag), aborted))
                    .isSameAs(aborted);
        }
    }

    @Test
    void aConditionOtherThanTheSystemNeedsATag() {
        var watch = new SkippedTests();
        assertThatThrownBy(() -> watch.evaluateExecutionCondition(test(Never.class)))
                .hasMessageStartingWith("flies() would be skipped by @Disabled.");
        assertThatThrownBy(() -> watch.evaluateExecutionCondition(test(Sometimes.class)))
                .hasMessageStartingWith("flies() would be skipped by @DisabledIf.");
        assertThat(watch.evaluateExecutionCondition(test(Never.class, "gpu")).isDisabled())
                .isTrue();
        assertThat(watch.evaluateExecutionCondition(test(Elsewhere.class)).isDisabled())
                .isFalse();
    }

    @Test
    void watchesEveryTest() {
        assertThat(detection).contains("true");
        assertThat(java.util.ServiceLoader.load(org.junit.jupiter.api.extension.Extension.class))
                .hasAtLeastOneElementOfType(SkippedTests.class);
    }
}
