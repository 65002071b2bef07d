package dev.fovea;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Fails a test that would be skipped, since nobody looks at those, unless one of the three tags says what it needs. What
 * is for one operating system alone ({@code @DisabledOnOs}) is left out on the others. Registered for every test of every
 * module by {@code META-INF/services} and {@code junit-platform.properties}.
 */
public final class SkippedTests
        implements ExecutionCondition,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler,
                InvocationInterceptor {

    private static final Set<String> TAGS = Set.of("slow", "gpu", "network");

    private static final Set<Class<?>> SYSTEMS = Set.of(DisabledOnOs.class, EnabledOnOs.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String condition = context.getElement().stream()
                .flatMap(SkippedTests::annotations)
                .map(Annotation::annotationType)
                .filter(SkippedTests::skips)
                .map(Class::getSimpleName)
                .findFirst()
                .orElse("");
        if (!condition.isEmpty() && !tagged(context)) {
            throw new IllegalStateException(message(context, "@" + condition));
        }
        return condition.equals(Disabled.class.getSimpleName())
                ? ConditionEvaluationResult.disabled("@Disabled, and tagged")
                : ConditionEvaluationResult.enabled("");
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw judged(context, thrown);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw judged(context, thrown);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        throw judged(context, thrown);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> test, DynamicTestInvocationContext invocation, ExtensionContext context) throws Throwable {
        try {
            test.proceed();
        } catch (TestAbortedException e) {
            throw judged(context, e);
        }
    }

    /** Annotations of annotations too, such as a condition of our own made of several. */
    private static Stream<Annotation> annotations(AnnotatedElement element) {
        return Arrays.stream(element.getAnnotations())
                .flatMap(a -> Stream.concat(
                        Stream.of(a), Arrays.stream(a.annotationType().getAnnotations())));
    }

    private static boolean skips(Class<?> annotation) {
        return annotation == Disabled.class
                || (annotation.getPackageName().equals(DisabledOnOs.class.getPackageName())
                        && !SYSTEMS.contains(annotation));
    }

    private static Throwable judged(ExtensionContext context, Throwable thrown) {
        return thrown instanceof TestAbortedException && !tagged(context)
                ? new AssertionError(message(context, "an assumption: " + thrown.getMessage()), thrown)
                : thrown;
    }

    private static boolean tagged(ExtensionContext context) {
        return context.getTags().stream().anyMatch(TAGS::contains);
    }

    private static String message(ExtensionContext context, String why) {
        return "%s would be skipped by %s. Tag it slow, gpu or network, or let it run"
                .formatted(context.getDisplayName(), why);
    }
}
