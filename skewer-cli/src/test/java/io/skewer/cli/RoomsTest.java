package io.skewer.cli;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may enter which room: the layers of the design, held by a machine. */
class RoomsTest {
    private static final JavaClasses SKEWER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.skewer");

    @Test
    void messagesKnowNoProcesses() {
        noClasses()
                .that()
                .resideInAPackage("io.skewer.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.skewer.ipc..", "io.skewer.store..", "io.skewer.sinks..", "io.skewer.cli..")
                .check(SKEWER);
    }

    @Test
    void linksKnowNoMessages() {
        noClasses()
                .that()
                .resideInAPackage("io.skewer.ipc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.skewer.core..", "io.skewer.store..", "io.skewer.sinks..", "io.skewer.cli..")
                .check(SKEWER);
    }

    @Test
    void theStoreSeesNeitherLinksNorDestinations() {
        noClasses()
                .that()
                .resideInAPackage("io.skewer.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.skewer.ipc..", "io.skewer.sinks..", "io.skewer.cli..", "io.skewer.core.source..")
                .check(SKEWER);
    }

    @Test
    void destinationsSeeNeitherLinksNorTheStoreNorSources() {
        noClasses()
                .that()
                .resideInAPackage("io.skewer.sinks..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.skewer.ipc..", "io.skewer.store..", "io.skewer.cli..", "io.skewer.core.source..")
                .check(SKEWER);
    }

    @Test
    void destinationsDoNotSeeEachOther() {
        slices().matching("io.skewer.sinks.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(resideInAPackage("io.skewer.sinks.catalog"), alwaysTrue())
                .because("only the catalogue names them all")
                .check(SKEWER);
    }

    @Test
    void nettyStaysInTheSources() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.skewer.core.source..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(SKEWER);
    }

    @Test
    void kafkaStaysInItsDestination() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.skewer.sinks.kafka..", "io.skewer.cli.quickstart..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(SKEWER);
    }

    @Test
    void mapDbHoldsNothingButTheIndexOfDeadLetters() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.skewer.store.deadletter..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.mapdb..")
                .check(SKEWER);
    }

    @Test
    void onlyTheConfigurationReadsToml() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.skewer.core.config..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.moandjiezana..", "com.google.gson..")
                .check(SKEWER);
    }

    @Test
    void onlyTheCommandsSeePicocli() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.skewer.cli.command..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(SKEWER);
    }

    @Test
    void onlyOneRoomHasNativeMethods() {
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage("io.skewer.ipc.os..")
                .should()
                .haveModifier(JavaModifier.NATIVE)
                .check(SKEWER);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.skewer.ipc.os..")
                .should()
                .callMethod(System.class, "load", String.class)
                .orShould()
                .callMethod(System.class, "loadLibrary", String.class)
                .check(SKEWER);
    }

    @Test
    void onlyTheSupervisorSpawns() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.skewer.cli.supervise..", "io.skewer.ipc.spawn..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.skewer.ipc.spawn..")
                .check(SKEWER);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.skewer.cli.quickstart..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ProcessBuilder.class)
                .check(SKEWER);
    }

    @Test
    void rolesDoNotSeeTheSupervisor() {
        noClasses()
                .that()
                .resideInAPackage("io.skewer.cli.role..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.skewer.cli.supervise..", "io.skewer.cli.command..")
                .check(SKEWER);
    }

    @Test
    void noNameHidesWhatAClassDoes() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(SKEWER);
    }

    @Test
    void nothingDeserializesObjects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(java.io.ObjectInputStream.class)
                .check(SKEWER);
    }

    @Test
    void noMethodIsSynchronized() {
        noMethods()
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED)
                .because("a lock is a field with a name, so that one sees what it guards")
                .check(SKEWER);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.skewer.(*).(*)..").should().beFreeOfCycles().check(SKEWER);
    }
}
