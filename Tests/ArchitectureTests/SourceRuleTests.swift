import TestSupport
import Testing

@Suite("The sources keep to their places", .timeLimit(.minutes(2)))
struct SourceRuleTests {
  /// Part of the toolchain.
  private static let toolchain: Set<String> = [
    "Swift", "Glibc", "Synchronization", "Dispatch", "FoundationEssentials", "Testing", "Foundation",
  ]
  private static let cLibraries: [String: Set<String>] = [
    "AMQP": ["CRabbitMQ"], "Postgres": ["CPostgreSQL"], "HTTP": ["CCurl", "CLinux"], "Mail": ["CCurl"],
    "Crypto": ["COpenSSL", "CArgon2"], "DocumentGenerationEngine": ["CPango"], "HTTPTests": ["CLinux"],
    // The provider of sign-in that the tests play signs its tokens.
    "ReviewDeskTests": ["COpenSSL"],
    "TestSupport": ["CLinux"],
    "Names": ["CICU"],
    // The allocator is the process's, and only its main may set it.
    "ClassifierWorker": ["CLinux"],
  ]

  @Test("every file imports only what its target declares")
  func declaredImports() async throws {
    for target in try await SourceTree.load().targets {
      for file in target.files {
        let undeclared = file.imports.subtracting(target.dependencies).subtracting(Self.toolchain)
        #expect(undeclared == [], "\(file.path)")
      }
    }
  }

  @Test("an engine decides without a broker, a database or the network")
  func pureEngines() async throws {
    let engines = try await SourceTree.load().targets.filter { $0.name.hasSuffix("Engine") }
    #expect(engines.count >= 5)
    for engine in engines {
      let impure: Set<String> = [
        "AMQP", "Postgres", "HTTP", "Mail", "Store", "WorkerRuntime", "IOThread", "Configuration",
      ]
      #expect(engine.dependencies.intersection(impure) == [], "\(engine.name)")
    }
  }

  @Test("the domain knows JSON and nothing else of ours, and the contracts little more")
  func lowestLayers() async throws {
    let tree = try await SourceTree.load()
    #expect(tree.target("JSON")?.dependencies == [])
    #expect(tree.target("Domain")?.dependencies == ["JSON"])
    #expect(tree.target("Contracts")?.dependencies == ["Domain", "JSON", "Crypto"])
  }

  @Test("a C library is spoken to in one module, or in one for each protocol")
  func cEdges() async throws {
    let tree = try await SourceTree.load()
    let libraries = Set(tree.targets.filter { $0.type == "system" }.map(\.name))
    #expect(libraries == Self.cLibraries.values.reduce(into: []) { $0.formUnion($1) })
    for target in tree.targets where target.type != "system" {
      let used = target.dependencies.intersection(libraries)
      #expect(used == (Self.cLibraries[target.name] ?? []), "\(target.name)")
    }
  }

  @Test("nothing needs Foundation, which is larger than all of this")
  func noFoundation() async throws {
    for target in try await SourceTree.load().products {
      for file in target.files {
        let found = file.imports.filter { $0.hasPrefix("Foundation") && $0 != "FoundationEssentials" }
        #expect(found == [], "\(file.path)")
      }
    }
  }

  @Test("no file is longer than five hundred lines")
  func length() throws {
    for file in try ["Shared", "Services", "Tests"].flatMap(SourceFile.all) {
      #expect(file.lines.count <= 501, "\(file.path)")
    }
  }

  @Test("a process ends in one way, which runs no exit handlers under its threads")
  func processEnd() throws {
    for file in try ["Shared", "Services"].flatMap(SourceFile.all)
    where file.path != "Shared/WorkerRuntime/ProcessEnd.swift" {
      #expect(!file.lines.contains { $0.contains(#/(^|[^.\w])exit\(/#) }, "\(file.path)")
    }
  }

  @Test("promises that the compiler cannot check are made only where a C library or a thread begins, with the reason")
  func unchecked() throws {
    let allowed: Set<String> = [
      "Shared/IOThread/ThreadExecutor.swift", "Shared/HTTP/Client/ClientMailbox.swift",
      "Shared/Crypto/Ed25519Key.swift", "Shared/Crypto/SignatureKey.swift",
      "Shared/Crypto/SHA256.swift", "Shared/WorkerRuntime/Signals.swift",
      "Tests/TestSupport/Installation/RunningProcess.swift", "Tests/ReviewDeskTests/SigningKey.swift",
    ]
    for file in try ["Shared", "Services", "Tests"].flatMap(SourceFile.all) {
      // This file names them.
      guard !file.path.hasSuffix("SourceRuleTests.swift") else { continue }
      let code = file.code.joined(separator: "\n")
      let promises = ["@unchecked Sendable", "nonisolated(unsafe)", "@retroactive @unchecked"].filter(code.contains)
      #expect(promises.isEmpty || allowed.contains(file.path), "\(file.path): \(promises)")
    }
  }

  @Test("nothing is written to be done later, and no failure is forced past")
  func finished() throws {
    for file in try ["Shared", "Services"].flatMap(SourceFile.all) {
      #expect(!file.text.contains("TODO") && !file.text.contains("FIXME"), "\(file.path)")
      let forced = file.code.filter { $0.contains("try!") || $0.contains(" as! ") }
      #expect(forced == [], "\(file.path)")
    }
  }
}
