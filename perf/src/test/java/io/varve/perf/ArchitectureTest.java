package io.varve.perf;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The arrows of use between modules and packages. docs/ARCHITECTURE.md shows the same table; a new
 * arrow is added there and here, with its reason, or not at all.
 */
@AnalyzeClasses(packages = "io.varve", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    /** What each module may use of ours. */
    private static final Map<String, Set<String>> ARROWS =
            Map.of(
                    "brokers", Set.of(),
                    "journal", Set.of(),
                    "placement", Set.of(),
                    "devices", Set.of(),
                    "projections", Set.of("journal", "placement"),
                    "dr", Set.of("journal", "projections", "devices"),
                    "endpoint", Set.of("journal", "placement", "devices", "projections", "dr"),
                    "perf",
                            Set.of(
                                    "journal",
                                    "placement",
                                    "devices",
                                    "projections",
                                    "dr",
                                    "endpoint"));

    @ArchTest
    static void modulesUseOnlyWhatTheirArrowsAllow(JavaClasses classes) {
        ARROWS.forEach(
                (module, used) -> {
                    Set<String> forbidden = new TreeSet<>(ARROWS.keySet());
                    forbidden.removeAll(used);
                    forbidden.remove(module);
                    for (String other : forbidden) {
                        noClasses()
                                .that()
                                .resideInAPackage("io.varve." + module + "..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("io.varve." + other + "..")
                                .allowEmptyShould(true)
                                .check(classes);
                    }
                });
    }

    /** A package outside the table would be outside every rule. */
    @ArchTest
    static final ArchRule everyClassBelongsToAModule =
            noClasses()
                    .should()
                    .resideOutsideOfPackages(
                            ARROWS.keySet().stream()
                                    .map(module -> "io.varve." + module + "..")
                                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().assignedFrom(new EachPackage())
                    .should()
                    .beFreeOfCycles()
                    .ignoreDependency(alwaysTrue(), resideInAnyPackage("io.varve.journal.wire.."));

    @ArchTest
    static final ArchRule onlyTheKafkaHostsKnowKafka =
            onlyIn(
                    "org.apache.kafka..",
                    "io.varve.brokers..",
                    "io.varve.journal.kafka..",
                    "io.varve.projections.streams..");

    @ArchTest
    static final ArchRule onlyTheJournalKnowsChronicle =
            onlyIn("net.openhft..", "io.varve.journal..");

    @ArchTest
    static final ArchRule onlyTheJournalKnowsProtobuf =
            onlyIn("com.google.protobuf..", "io.varve.journal..");

    @ArchTest
    static final ArchRule onlyProjectionsKnowRocksDb =
            onlyIn("org.rocksdb..", "io.varve.projections..");

    @ArchTest
    static final ArchRule onlyCompressionKnowsZstd =
            onlyIn("com.github.luben..", "io.varve.devices.compress..");

    @ArchTest
    static final ArchRule onlyTheServerKnowsHelidon =
            onlyIn("io.helidon..", "io.varve.endpoint.server..", "io.varve.perf..");

    @ArchTest
    static final ArchRule theStoreIsProtocolNeutral =
            noClasses()
                    .that()
                    .resideInAPackage("io.varve.endpoint.store..")
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage("io.varve.endpoint..", "io.helidon..")
                                    .and(resideOutsideOfPackage("io.varve.endpoint.store..")));

    @ArchTest static final ArchRule s3DoesNotKnowSwift = separate("s3", "swift");

    @ArchTest static final ArchRule swiftDoesNotKnowS3 = separate("swift", "s3");

    /** What is decided from the journal must come out the same in every replay. */
    @ArchTest
    static final ArchRule foldsAndPlacementAskNoClockAndNoDice =
            noClasses()
                    .that()
                    .resideInAnyPackage("io.varve.projections..", "io.varve.placement..")
                    .should()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(Math.class, "random")
                    .orShould()
                    .callMethod(UUID.class, "randomUUID")
                    .orShould()
                    .dependOnClassesThat()
                    .belongToAnyOf(
                            Clock.class, Random.class, SecureRandom.class, ThreadLocalRandom.class);

    @ArchTest
    static final ArchRule staticsAreFinal =
            fields().that()
                    .areStatic()
                    .and()
                    .areDeclaredInClassesThat()
                    .resideOutsideOfPackage("io.varve.journal.wire..")
                    .and()
                    .doNotHaveModifier(JavaModifier.SYNTHETIC)
                    .should()
                    .beFinal();

    @ArchTest
    static final ArchRule onlyCommandsWriteToTheTerminal =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.varve.brokers..", "io.varve.endpoint.cli..", "io.varve.perf..")
                    .should(ACCESS_STANDARD_STREAMS);

    private static ArchRule onlyIn(String library, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static ArchRule separate(String dialect, String other) {
        return noClasses()
                .that()
                .resideInAPackage("io.varve.endpoint." + dialect + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.varve.endpoint." + other + "..")
                .allowEmptyShould(true);
    }

    private static final class EachPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            return SliceIdentifier.of(javaClass.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
