package dev.fovea.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ThinShellTest {

    @Test
    void theCommandLineAndTheServerSeeTasksAndPlainValuesOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.fovea.engine..",
                        "dev.fovea.nn..",
                        "dev.fovea.models..",
                        "dev.fovea.explain..",
                        "dev.fovea.report..",
                        "org.bytedeco..")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.fovea.cli", "dev.fovea.serve"));
    }
}
