package dev.fovea;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    /** Top to bottom: each may use only those after it. */
    private static final List<String> LAYERS = List.of(
            "search", "task", "run", "train", "explain", "models", "report", "metrics", "data", "image", "optim", "nn",
            "io", "engine");

    /** Read once for all rules. */
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.fovea");

    @Test
    void everyPackageUsesOnlyThoseBelowIt() {
        for (int i = 1; i < LAYERS.size(); i++) {
            String[] above = LAYERS.subList(0, i).stream()
                    .map(p -> "dev.fovea." + p + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("dev.fovea." + LAYERS.get(i) + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .check(CORE);
        }
    }

    @Test
    void everyClassIsInAKnownPackage() {
        classes()
                .should()
                .resideInAnyPackage(
                        LAYERS.stream().map(p -> "dev.fovea." + p + "..").toArray(String[]::new))
                .check(CORE);
    }

    @Test
    void everyKnownPackageHasClasses() {
        assertThat(LAYERS)
                .allSatisfy(layer -> assertThat(
                                CORE.stream().anyMatch(c -> c.getPackageName().equals("dev.fovea." + layer)))
                        .as(layer)
                        .isTrue());
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.fovea.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void tasksDoNotKnowEachOther() {
        slices().matching("dev.fovea.task.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CORE);
    }

    @Test
    void onlyTheEngineKnowsLibtorch() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.fovea.engine")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco.pytorch..")
                .check(CORE);
    }

    @Test
    void onlyTheImagePackageKnowsOpenCv() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.fovea.image")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco.opencv..")
                .check(CORE);
    }

    @Test
    void noTensorInTheSignaturesOfTasks() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.fovea.task..", "dev.fovea.cli..")
                .and()
                .arePublic()
                .should(new com.tngtech.archunit.lang.ArchCondition<>("show a tensor") {
                    @Override
                    public void check(
                            com.tngtech.archunit.core.domain.JavaClass type,
                            com.tngtech.archunit.lang.ConditionEvents events) {
                        type.getMethods().stream()
                                .filter(m ->
                                        m.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC))
                                .filter(m -> m.getRawReturnType().getName().endsWith(".Tensor")
                                        || m.getRawParameterTypes().stream()
                                                .anyMatch(p -> p.getName().endsWith(".Tensor")))
                                .forEach(m -> events.add(
                                        com.tngtech.archunit.lang.SimpleConditionEvent.satisfied(m, m.getFullName())));
                    }
                })
                .check(CORE);
    }
}
