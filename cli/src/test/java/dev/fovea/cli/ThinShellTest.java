package dev.fovea.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ThinShellTest {

    private static final String[] INNER = {
        "dev.fovea.engine..", "dev.fovea.nn..", "dev.fovea.explain..", "dev.fovea.report..", "org.bytedeco.."
    };

    @Test
    void theCommandLineSeesTasksAndPlainValuesOnly() {
        check("dev.fovea.cli", INNER);
        check("dev.fovea.cli", "dev.fovea.models..");
    }

    /** A package's config is plain values to it, a network is not. */
    @Test
    void theServerSeesTasksAndPlainValuesOnly() {
        check("dev.fovea.serve", INNER);
    }

    private static void check(String shell, String... inner) {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(inner)
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(shell));
    }
}
