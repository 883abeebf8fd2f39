// swift-tools-version: 6.2
import PackageDescription

// The flow reads top-down: Shared modules first, then one engine and one worker per service, then the tests.
// Tests/ArchitectureTests checks that every file imports only what its target declares here.

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func shared(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Shared/\(name)", swiftSettings: settings)
}

func cLibrary(_ name: String, _ pkgConfig: String, apt: String) -> Target {
  .systemLibrary(name: name, path: "Shared/CLibraries/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// The part of a service that decides: no broker, no database, usable from the command line and tests.
func engine(_ service: String, _ dependencies: [Target.Dependency], also more: [SwiftSetting] = []) -> Target {
  .target(
    name: "\(service)Engine", dependencies: dependencies, path: "Services/\(service)/Engine",
    swiftSettings: settings + more)
}

/// The part of a service that runs: stage adapter and a main of a few lines.
func worker(_ service: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: "\(service)Worker", dependencies: dependencies, path: "Services/\(service)/Worker", swiftSettings: settings)
}

func test(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude, swiftSettings: settings)
}

let runtime: [Target.Dependency] = [
  "Domain", "Contracts", "JSON", "Crypto", "AMQP", "Postgres", "HTTP", "Store", "Observability", "Configuration",
  "WorkerRuntime",
]

let package = Package(
  name: "pabean",
  products: [
    .executable(name: "pabean-ingest", targets: ["IngestWorker"]),
    .executable(name: "pabean-classifier", targets: ["ClassifierWorker"]),
    .executable(name: "pabean-compliance-screening", targets: ["ComplianceScreeningWorker"]),
    .executable(name: "pabean-document-generation", targets: ["DocumentGenerationWorker"]),
    .executable(name: "pabean-writeback", targets: ["WritebackWorker"]),
    .executable(name: "pabean-review-desk", targets: ["ReviewDeskWorker"]),
    .executable(name: "pabean", targets: ["Operator"]),
    .executable(name: "pabean-bench", targets: ["Benchmarks"]),
  ],
  targets: [
    cLibrary("CRabbitMQ", "librabbitmq", apt: "librabbitmq-dev"),
    cLibrary("CPostgreSQL", "libpq", apt: "libpq-dev"),
    .systemLibrary(name: "CLinux", path: "Shared/CLibraries/CLinux"),
    cLibrary("CCurl", "libcurl", apt: "libcurl4-openssl-dev"),
    cLibrary("COpenSSL", "libcrypto", apt: "libssl-dev"),
    cLibrary("CArgon2", "libargon2", apt: "libargon2-dev"),
    .systemLibrary(name: "CICU", path: "Shared/CLibraries/CICU", providers: [.apt(["libicu-dev"])]),
    .systemLibrary(name: "CPango", path: "Shared/CLibraries/CPango", providers: [.apt(["libpango1.0-dev"])]),

    shared("JSON"),
    shared("CSV"),
    shared("Crypto", ["COpenSSL", "CArgon2"]),
    shared("Merkle", ["Crypto"]),
    .target(
      name: "Names", dependencies: ["CICU"], path: "Shared/Names",
      resources: [
        .embedInCode("Words/common.txt"), .embedInCode("Words/forms.txt"), .embedInCode("Words/native-forms.txt"),
        .embedInCode("Words/nicknames.txt"), .embedInCode("Words/particles.txt"), .embedInCode("Words/places.txt"),
        .embedInCode("Words/titles.txt"),
      ], swiftSettings: settings),
    shared("Domain", ["JSON"]),
    .target(
      name: "Contracts", dependencies: ["Domain", "JSON", "Crypto"], path: "Shared/Contracts",
      exclude: ["asyncapi.json"], swiftSettings: settings),
    shared("IOThread"),
    shared("AMQP", ["CRabbitMQ", "IOThread"]),
    shared("Postgres", ["CPostgreSQL", "IOThread"]),
    shared("HTTP", ["CCurl", "CLinux", "JSON"]),
    shared("Mail", ["CCurl", "IOThread", "Domain", "Crypto"]),
    shared("Observability", ["JSON"]),
    shared("Configuration"),
    .target(
      name: "Store", dependencies: ["Domain", "Contracts", "JSON", "Crypto", "Merkle", "Postgres"],
      path: "Shared/Store",
      resources: [.embedInCode("Migrations")], swiftSettings: settings),
    shared(
      "WorkerRuntime",
      [
        "Domain", "Contracts", "JSON", "Crypto", "AMQP", "Postgres", "HTTP", "Store", "Observability", "Configuration",
      ]),

    engine("Ingest", ["Domain", "Contracts", "CSV", "JSON", "Crypto"]),
    // The description of its HTTP interface stands beside the code that keeps it.
    .executableTarget(
      name: "IngestWorker", dependencies: runtime + ["IngestEngine", "CSV"], path: "Services/Ingest",
      exclude: ["Engine"],
      sources: ["Worker"], resources: [.embedInCode("openapi.json")], swiftSettings: settings),
    // Optimised in debug builds too: it learns from the knowledge when a worker starts.
    engine(
      "Classifier", ["Domain", "CSV", "JSON", "Crypto"], also: [.unsafeFlags(["-O"], .when(configuration: .debug))]),
    worker("Classifier", runtime + ["ClassifierEngine", "CLinux"]),
    engine("ComplianceScreening", ["Domain", "CSV", "JSON", "Crypto", "Names"]),
    // The lists that parties are screened by, for every service that does.
    .target(
      name: "PartyLists",
      dependencies: [
        "Domain", "Contracts", "JSON", "Crypto", "HTTP", "Postgres", "Store", "Observability", "WorkerRuntime", "Names",
        "ComplianceScreeningEngine",
      ],
      path: "Services/ComplianceScreening/Lists", swiftSettings: settings),
    worker("ComplianceScreening", runtime + ["ComplianceScreeningEngine", "PartyLists"]),
    engine("DocumentGeneration", ["Domain", "JSON", "Crypto", "CPango"]),
    worker("DocumentGeneration", runtime + ["DocumentGenerationEngine", "ComplianceScreeningEngine", "PartyLists"]),
    engine("Writeback", ["Domain", "Contracts", "CSV", "JSON", "Crypto"]),
    worker("Writeback", runtime + ["WritebackEngine"]),
    .target(
      name: "ReviewDeskEngine", dependencies: ["Domain", "CSV", "JSON", "Crypto"], path: "Services/ReviewDesk",
      exclude: ["Worker"],
      sources: ["Engine"],
      resources: [
        .embedInCode("openapi.json"), .embedInCode("desk.css"), .embedInCode("desk.js"), .embedInCode("Languages"),
      ],
      swiftSettings: settings),
    worker(
      "ReviewDesk",
      runtime + ["ReviewDeskEngine", "ClassifierEngine", "ComplianceScreeningEngine", "PartyLists", "IOThread", "Mail"]),
    .target(
      name: "Maintenance", dependencies: runtime + ["Merkle", "PartyLists"], path: "Services/Operator/Maintenance",
      swiftSettings: settings),
    .target(
      name: "OperatorCommands",
      dependencies: runtime + [
        "IngestEngine", "ClassifierEngine", "ComplianceScreeningEngine", "PartyLists", "WritebackEngine", "Maintenance",
        "Merkle", "Names", "CSV",
      ],
      path: "Services/Operator/Commands", swiftSettings: settings),
    .executableTarget(
      name: "Operator", dependencies: ["OperatorCommands"], path: "Services/Operator/Main", swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: runtime + ["CLinux"], path: "Tests/TestSupport", swiftSettings: settings),
    test("JSONTests", ["JSON"]),
    test("CSVTests", ["CSV", "JSON"]),
    test("CryptoTests", ["Crypto"]),
    test("MerkleTests", ["Merkle", "Crypto", "JSON"]),
    test("DomainTests", ["Domain", "JSON"]),
    .testTarget(
      name: "ContractsTests", dependencies: ["Contracts", "Domain", "JSON", "TestSupport"],
      path: "Tests/ContractsTests",
      exclude: ["Golden"], swiftSettings: settings),
    test("AMQPTests", ["AMQP", "IOThread", "TestSupport"]),
    test("PostgresTests", ["Postgres", "IOThread", "TestSupport"]),
    test("HTTPTests", ["HTTP", "JSON", "CLinux"]),
    test("MailTests", ["Mail", "Domain", "Crypto", "TestSupport"]),
    test("ObservabilityTests", ["Observability", "JSON"]),
    test("ConfigurationTests", ["Configuration"]),
    test("StoreTests", runtime + ["TestSupport"]),
    test("WorkerRuntimeTests", runtime + ["TestSupport"]),
    test("IngestTests", ["IngestEngine", "CSV"] + runtime + ["TestSupport"]),
    test("IntakeAPITests", ["IngestWorker", "IngestEngine"] + runtime + ["TestSupport"]),
    test("ClassifierTests", ["ClassifierEngine", "Domain", "JSON"]),
    test("NamesTests", ["Names"]),
    test("ComplianceScreeningTests", ["ComplianceScreeningEngine", "Names", "Domain", "JSON"]),
    test("DocumentGenerationTests", ["DocumentGenerationEngine", "Domain", "JSON", "Crypto"]),
    test("WritebackTests", ["WritebackEngine", "CSV"] + runtime + ["TestSupport"]),
    test("WritebackFlowTests", ["WritebackWorker", "WritebackEngine"] + runtime + ["TestSupport"]),
    test("ReviewDeskTests", ["ReviewDeskEngine", "ClassifierEngine", "COpenSSL"] + runtime + ["TestSupport"]),
    test("MaintenanceTests", ["Maintenance", "Merkle"] + runtime + ["TestSupport"], exclude: ["Verifier"]),
    test("PartyListsTests", ["PartyLists", "ComplianceScreeningEngine", "Names"] + runtime + ["TestSupport"]),
    test("OperatorTests", ["OperatorCommands", "ComplianceScreeningEngine", "PartyLists"] + runtime + ["TestSupport"]),
    test("PipelineTests", runtime + ["TestSupport"]),
    test("FaultTests", runtime + ["TestSupport"]),
    test("ArchitectureTests", ["Contracts", "JSON", "TestSupport"]),
    .executableTarget(
      name: "Benchmarks",
      dependencies: runtime + ["ClassifierEngine", "ComplianceScreeningEngine", "PartyLists", "Names", "TestSupport"],
      path: "Tests/Benchmarks", swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
