import Contracts
import FoundationEssentials
import JSON
import TestSupport
import Testing

/// The files that put Pabean into operation, judged by the programs that know their formats, and held against each
/// other and against the code.
@Suite(.timeLimit(.minutes(2))) struct DeploymentFilesTests {
  // MARK: Docker

  @Test(.enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func `docker-compose.yml keeps the Compose specification`() async throws {
    let arguments = ["--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    let verdict = try await Judge.run("check-jsonschema", arguments)
    #expect(verdict.succeeded, "\(verdict)")
  }

  @Test(.enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func `the Dockerfile pleases hadolint`() async throws {
    let verdict = try await Judge.run("hadolint", ["infra/docker/Dockerfile"])
    #expect(verdict.succeeded, "\(verdict)")
  }

  @Test(.enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func `every container of ours is closed, limited and restarted`() async throws {
    for (name, service) in try await compose().services where service["build"] != nil {
      #expect(service["read_only"]?.boolValue == true, "\(name)")
      #expect(service["cap_drop"] == ["ALL"], "\(name)")
      #expect(service["security_opt"] == ["no-new-privileges:true"], "\(name)")
      #expect(service["deploy"]?["resources"]?["limits"]?["memory"]?.stringValue != nil, "\(name)")
      #expect(service["restart"]?.stringValue != nil, "\(name)")
    }
  }

  @Test(.enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func `every stage can be scaled: no container has a name, no stage a port of the host`() async throws {
    let services = try await compose().services
    #expect(services.allSatisfy { $0.service["container_name"] == nil })
    for stage in Stage.allCases {
      let service = try #require(services.first { $0.name == stage.rawValue }?.service, "\(stage) is no service")
      for port in service["ports"]?.arrayValue ?? [] {
        #expect(port.stringValue?.contains("::") == true, "\(stage) has the port \(port)")
      }
    }
  }

  @Test(.enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func `secrets come from files that exist, and in no other way`() async throws {
    let compose = try await compose()
    let invented = try await inventedSecrets()
    let declared = compose.document["secrets"]?.objectValue.map { Set($0.members.map(\.key)) } ?? []
    var used: Set<String> = []
    for (name, service) in compose.services {
      let own = Set(service["secrets"]?.arrayValue?.compactMap(\.stringValue) ?? [])
      used.formUnion(own)
      for member in service["environment"]?.objectValue?.members ?? [] {
        let variable = member.key
        let isSecret = variable.contains("URL") || variable.contains("PASSWORD")
        #expect(isSecret == variable.hasSuffix("_FILE"), "\(name): \(variable)")
        guard variable.hasSuffix("_FILE") else { continue }
        #expect(
          own.contains(String((member.value.stringValue ?? "").dropFirst("/run/secrets/".count))),
          "\(name): \(variable)")
      }
    }
    #expect(used == declared)
    #expect(declared.subtracting(invented).isEmpty)
  }

  @Test func `each service of the Dockerfile's is a product of the package`() throws {
    let package = try text("Package.swift")
    for line in try text("docker-compose.yml").split(separator: "\n") where line.contains("SERVICE:") {
      let name = try #require(line.split(separator: "SERVICE: ").last).prefix { $0.isLetter || $0 == "-" }
      #expect(package.contains("name: \"\(name)\""), "\(name)")
    }
  }

  @Test func `the image is built with the packages that packages.sh installs`() async throws {
    let listed = try await Subprocess.run("\(Repository.root)/infra/scripts/packages.sh", ["list", "build"]).stdout
    let dockerfile = try text("infra/docker/Dockerfile").split { $0.isWhitespace }
    let installed = dockerfile.filter { $0.hasSuffix("-dev") || $0 == "pkg-config" }
    #expect(Set(installed.map(String.init)) == Set(listed.split(separator: "\n").map(String.init)))
  }

  @Test func `the image has the data that the workers read beside themselves`() throws {
    let dockerfile = try text("infra/docker/Dockerfile")
    #expect(dockerfile.contains("cp -r Shared/ReferenceData /service/share/pabean/reference"))
    #expect(dockerfile.contains("cp -r Services/Classifier/Knowledge /service/share/pabean/knowledge"))
  }

  @Test(.enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func `maintenance has the key that seals the audit log, under Compose and Kubernetes`() async throws {
    let compose = try await compose().services.first { $0.name == "maintain" }?.service
    let path = try #require(compose?["environment"]?["PABEAN_AUDIT_KEY"]?.stringValue)
    let secrets = compose?["secrets"]?.arrayValue?.compactMap(\.stringValue) ?? []
    #expect(secrets.contains(String(path.dropFirst("/run/secrets/".count))))

    let pod = try await manifests().first { $0["metadata"]?["name"] == "maintain" }?["spec"]?["template"]?["spec"]
    let container = try #require(pod?["containers"]?.arrayValue?.first)
    let key = container["env"]?.arrayValue?.first { $0["name"] == "PABEAN_AUDIT_KEY" }?["value"]?.stringValue ?? ""
    let mounts = container["volumeMounts"]?.arrayValue?.compactMap { $0["mountPath"]?.stringValue } ?? []
    #expect(mounts.contains { key.hasPrefix("\($0)/") }, "\(key)")
  }

  // MARK: Kubernetes

  @Test(.enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"), arguments: ["1.31", "1.37"])
  func `the Kubernetes manifests are valid`(version: String) async throws {
    let files = try await kubernetesFiles().filter { !isForeign($0) }
    #expect(files.count >= 10)
    let verdict = try await Judge.run("kubernetes-validate", ["--strict", "--quiet", "-k", version] + files)
    #expect(verdict.succeeded, "\(verdict)")
  }

  @Test(.enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func `every manifest is named by its kustomization`() async throws {
    let files = try await kubernetesFiles()
    for file in files where file.hasSuffix("kustomization.yaml") {
      let folder = file.dropLast("kustomization.yaml".count)
      let siblings = files.filter { $0.hasPrefix(folder) && $0 != file }.map { $0.dropFirst(folder.count) }
      let named = try await yaml(file)[0]["resources"]?.arrayValue?.compactMap(\.stringValue) ?? []
      #expect(Set(named.filter { !$0.hasPrefix("../") }) == Set(siblings.map(String.init)), "\(file)")
    }
  }

  @Test(.enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func `Kubernetes runs the same services, in the same markets, as Compose`() async throws {
    let compose = try await compose()
    let workers = compose.services.filter { $0.service["build"] != nil && $0.service["profiles"] == nil }.map(\.name)
    let manifests = try await manifests()
    let pods = manifests.filter { ["Deployment", "Job"].contains($0["kind"]?.stringValue ?? "") }
    #expect(Set(pods.compactMap { $0["metadata"]?["name"]?.stringValue }) == Set(workers))

    let configuration = manifests.first { $0["kind"]?.stringValue == "ConfigMap" }?["data"]
    let markets = compose.services.compactMap { $0.service["environment"]?["PABEAN_MARKETS"]?.stringValue }
    #expect(Set(markets) == [configuration?["PABEAN_MARKETS"]?.stringValue ?? ""])
  }

  @Test(.enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func `each stage is scaled by its own queues`() async throws {
    for (file, suffix, queues) in [
      ("all-markets", "", { (stage: Stage) in "^\(stage.rawValue)\\.[a-z]{2}$" }),
      ("market-vn", "-vn", { (stage: Stage) in "\(stage.rawValue).vn" }),
    ] {
      let objects = try await yaml("infra/kubernetes/\(file)/autoscaling.yaml")
      let scaled = objects.filter { $0["kind"]?.stringValue == "ScaledObject" }.map { $0["spec"] }
      var queueOf: [String: String] = [:]
      for spec in scaled {
        let target = try #require(spec?["scaleTargetRef"]?["name"]?.stringValue)
        let trigger = try #require(spec?["triggers"]?.arrayValue?.first)
        queueOf[target] = trigger["metadata"]?["queueName"]?.stringValue
        #expect(trigger["authenticationRef"]?["name"]?.stringValue == "broker\(suffix)")
      }
      let expected = Stage.allCases.filter(\.isPerMarket).map { ("\($0.rawValue)\(suffix)", queues($0)) }
      #expect(queueOf == Dictionary(uniqueKeysWithValues: expected))
    }
  }

  // MARK: Prometheus and Grafana

  @Test(
    .enabled(if: Judge.hasPromtool, "install the Debian package prometheus"),
    arguments: [
      ["check", "rules", "infra/prometheus/alerts.yaml"], ["test", "rules", "infra/prometheus/alerts.test.yaml"],
      ["check", "config", "infra/prometheus/prometheus.yaml"],
    ])
  func `Prometheus accepts its configuration, and the alerts do as their tests say`(arguments: [String]) async throws {
    let verdict = try await Subprocess.run("env", ["--chdir", Repository.root, "promtool"] + arguments)
    #expect(verdict.succeeded, "\(verdict)")
  }

  @Test(.enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func `every alert is exercised by a test`() async throws {
    let tests = try text("infra/prometheus/alerts.test.yaml")
    let groups = try await yaml("infra/prometheus/alerts.yaml")[0]["groups"]?.arrayValue ?? []
    let alerts = groups.flatMap { $0["rules"]?.arrayValue ?? [] }.compactMap { $0["alert"]?.stringValue }
    #expect(alerts.count >= 5)
    for alert in alerts { #expect(tests.contains(alert), "\(alert)") }
  }

  @Test(.enabled(if: Judge.hasPromtool, "install the Debian package prometheus"))
  func `every panel of the dashboard asks a valid question`() async throws {
    let rules = try dashboardQueries().enumerated().map { index, query in
      let expression = query.replacing("$__rate_interval", with: "5m").replacing("$market", with: ".*")
      return #"{"record": "panel:\#(index)", "expr": \#(JSONValue.string(expression).text)}"#
    }
    #expect(rules.count >= 15)
    let file = #"{"groups": [{"name": "panels", "rules": [\#(rules.joined(separator: ","))]}]}"#
    // promtool of Debian reads no standard input but by its name.
    let verdict = try await Subprocess.run("promtool", ["check", "rules", "/dev/stdin"], stdin: Array(file.utf8))
    #expect(verdict.succeeded, "\(verdict)")
  }

  @Test func `alerts and dashboard use only metrics that are exported`() throws {
    let exported: Set = [
      "pabean_messages_total", "pabean_batch_size", "pabean_stage_duration_seconds", "pabean_outbox_pending",
      "pabean_outbox_oldest_age_seconds", "pabean_parked_messages", "pabean_cases", "pabean_audit_unsealed_entries",
      "pabean_audit_seal_age_seconds", "pabean_broker_connected", "pabean_database_up",
      "pabean_webhook_deliveries_total", "pabean_listed_after_decision_total", "pabean_list_sources_failing",
    ]
    let questions = try text("infra/prometheus/alerts.yaml") + dashboardQueries().joined(separator: "\n")
    let names = questions.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }.map(String.init)
    let used = Set(names.filter { $0.hasPrefix("pabean_") }.map(withoutHistogramSuffix))
    #expect(used.subtracting(exported).isEmpty)
    #expect(exported.subtracting(used).isEmpty, "exported, but nobody looks at it")
  }

  @Test func `alerts and dashboard ask for outcomes that the workers count`() throws {
    let metrics = try text("Shared/WorkerRuntime/StageMetrics.swift")
    #expect(metrics.contains(#"labels: ["stage", "market", "outcome"]"#))
    let cases = try #require(metrics.split(separator: "\n").first { $0.contains("case done") })
    let counted = Set(cases.split { !$0.isLetter }.map(String.init))
    let questions = try [text("infra/prometheus/alerts.yaml"), text("infra/prometheus/alerts.test.yaml")]
      .joined(separator: "\n").split(separator: "\n").filter { $0.contains("pabean_messages_total{") }
    var asked: Set<String> = []
    for line in questions {
      guard let start = line.firstRange(of: "outcome=\"") else { continue }
      asked.insert(String(line[start.upperBound...].prefix { $0 != "\"" }))
    }
    #expect(!asked.isEmpty && asked.isSubset(of: counted), "\(asked)")
  }

  @Test func `every command that is named exists`() async throws {
    let found = try await Subprocess.run(
      "grep", ["-rhoE", "\"[a-z]+( [a-z]+)?\", \"[A-Z]", "\(Repository.root)/Services/Operator/Commands"])
    let commands = found.stdout.split(separator: "\n").compactMap { $0.split(separator: "\"").first.map(String.init) }
    #expect(commands.count > 25)
    for file in ["CONTRIBUTING.md", "README.md", "infra/prometheus/alerts.yaml", "infra/kubernetes/base/maintain.yaml"]
    {
      for quote in ["`", "'"] {
        for piece in try text(file).split(separator: "\(quote)pabean ", omittingEmptySubsequences: false).dropFirst() {
          let named = String(piece.prefix { $0.isLowercase || $0 == " " })
          #expect(commands.contains { "\(named) ".hasPrefix("\($0) ") }, "\(file): pabean \(named)")
        }
      }
    }
  }

  // MARK: Reading

  private struct Compose {
    let document: JSONValue
    let services: [(name: String, service: JSONValue)]
  }

  private func compose() async throws -> Compose {
    let document = try await yaml("docker-compose.yml")[0]
    return Compose(
      document: document, services: document["services"]?.objectValue?.members.map { ($0.key, $0.value) } ?? [])
  }

  private func kubernetesFiles() async throws -> [String] {
    let found = try await Subprocess.run("find", ["\(Repository.root)/infra/kubernetes", "-name", "*.yaml"]).stdout
    return found.split(separator: "\n").map { String($0.dropFirst(Repository.root.count + 1)) }.sorted()
  }

  private func manifests() async throws -> [JSONValue] {
    var manifests: [JSONValue] = []
    for file in try await kubernetesFiles() { manifests += try await yaml(file) }
    return manifests
  }

  /// Kinds that are not of Kubernetes itself, which its schemas do not know.
  private func isForeign(_ file: String) -> Bool {
    file.hasSuffix("kustomization.yaml") || file.hasSuffix("autoscaling.yaml")
  }

  private func yaml(_ file: String) async throws -> [JSONValue] {
    let script = "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))"
    let result = try await Judge.run("python", ["-c", script, file])
    #expect(result.succeeded, "\(result)")
    return try JSONParser.parse(result.stdout).arrayValue ?? []
  }

  private func inventedSecrets() async throws -> Set<String> {
    let script = """
      folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
      infra/docker/secrets.sh "$folder" >/dev/null && cd "$folder" && for secret in *; do echo "$secret"; done
      """
    let result = try await Subprocess.run("env", ["--chdir", Repository.root, "bash", "-c", script])
    #expect(result.succeeded, "\(result)")
    return Set(result.stdout.split(separator: "\n").map(String.init))
  }

  private func dashboardQueries() throws -> [String] {
    let panels = try JSONParser.parse(text("infra/grafana/pabean.json"))["panels"]?.arrayValue ?? []
    return panels.flatMap { $0["targets"]?.arrayValue ?? [] }.compactMap { $0["expr"]?.stringValue }
  }

  private func withoutHistogramSuffix(_ name: String) -> String {
    for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
      return String(name.dropLast(suffix.count))
    }
    return name
  }

  private func text(_ file: String) throws -> String {
    try String(contentsOfFile: "\(Repository.root)/\(file)", encoding: .utf8)
  }
}
