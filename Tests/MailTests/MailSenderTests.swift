import Domain
import FoundationEssentials
import Mail
import TestSupport
import Testing

@Suite("Handing a letter to a mail server", .timeLimit(.minutes(5))) struct MailSenderTests {
  private static let letter = try? MailMessage(
    from: .init(name: "Pabean", address: MailAddress("desk@pabean.example")!),
    to: .init(name: "Ana", address: MailAddress("ana@acme.example")!), subject: "Kasus baru: máy tính",
    text: ".\nA line that begins with a dot\n", id: "n-1", at: Instant("2026-11-20T12:00:00Z")!, language: "id")

  private func send(
    to server: ScriptedMailServer, _ url: (Int) -> String = { "smtp+plain://127.0.0.1:\($0)" },
    authorities: String? = nil, timeoutSeconds: Int = 20
  ) async throws -> MailSender.Outcome {
    let relay = try #require(MailRelay(url(server.port)))
    let sender = MailSender(relay, certificateAuthorities: authorities, timeoutSeconds: timeoutSeconds)
    return await sender.send(try #require(Self.letter))
  }

  @Test("a server that takes it has it once and whole")
  func taken() async throws {
    let server = try await ScriptedMailServer.start()
    #expect(try await send(to: server) == .accepted)
    let letters = try server.letters()
    #expect(letters.count == 1 && letters[0].hasPrefix("From: Pabean <desk@pabean.example>\r\n"))
    #expect(letters[0].contains("Subject: =?UTF-8?B?"))
    #expect(server.transcript.contains("plain MAIL FROM:<desk@pabean.example>"), "\(server.transcript)")
    #expect(server.transcript.contains("plain RCPT TO:<ana@acme.example>"))
  }

  @Test("a person whom it does not know is refused for good, one whose box is full is tried again")
  func refused() async throws {
    for (step, answer) in [("rcpt", "550 no such person"), ("end", "554 looks like spam"), ("data", "552 too large")] {
      let server = try await ScriptedMailServer.start([step: answer])
      guard case .refused(let why) = try await send(to: server) else {
        Issue.record("\(step) \(answer)")
        continue
      }
      #expect(why.contains(answer.prefix(3)), "\(why)")
    }
    for (step, answer) in [
      ("rcpt", "452 full"), ("end", "451 later"), ("connect", "421 too busy"), ("mail", "450 slow"),
    ] {
      let server = try await ScriptedMailServer.start([step: answer])
      guard case .notSent = try await send(to: server) else {
        Issue.record("\(step) \(answer)")
        continue
      }
    }
  }

  @Test("without an answer after the whole letter nobody knows; before it, the letter did not leave")
  func uncertain() async throws {
    for answer in ["close", "silence"] {
      let server = try await ScriptedMailServer.start(["end": answer])
      guard case .uncertain = try await send(to: server, timeoutSeconds: 2) else {
        Issue.record("\(answer) after the letter")
        continue
      }
    }
    for step in ["connect", "mail", "rcpt", "data"] {
      for answer in ["close", "silence"] {
        let server = try await ScriptedMailServer.start([step: answer])
        guard case .notSent = try await send(to: server, timeoutSeconds: 2) else {
          Issue.record("\(answer) at \(step)")
          continue
        }
        #expect(try server.letters().isEmpty)
      }
    }
    let gone = try await ScriptedMailServer.start()
    let sender = MailSender(try #require(MailRelay("smtp+plain://127.0.0.1:1")), timeoutSeconds: 2)
    guard case .notSent = await sender.send(try #require(Self.letter)) else {
      Issue.record("nobody listens")
      return
    }
    #expect(try gone.letters().isEmpty)
  }

  @Test("a server that talks nonsense, or answers before it is asked, gets no letter")
  func nonsense() async throws {
    for answers in [["connect": "HTTP/1.1 200 OK"], ["ehlo": "250-\u{1}|xyz"], ["mail": "hello"], ["data": "999 yes"]] {
      let server = try await ScriptedMailServer.start(answers)
      guard case .accepted = try await send(to: server, timeoutSeconds: 2) else { continue }
      Issue.record("\(answers)")
    }
  }

  @Test("with TLS asked for there is TLS, from a server that is who it says, or no letter and no password")
  func secure() async throws {
    let folder = "/tmp/pabean-mail-tls-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try await Subprocess.run(
      "openssl",
      [
        "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "\(folder)/key", "-out", "\(folder)/cert", "-days",
        "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
      ])
    try #require(made.succeeded, "\(made)")
    let both = try Data(contentsOf: URL(filePath: "\(folder)/key")) + Data(contentsOf: URL(filePath: "\(folder)/cert"))
    try both.write(to: URL(filePath: "\(folder)/both"))
    let (pem, authority) = ("\(folder)/both", "\(folder)/cert")

    let start = try await ScriptedMailServer.start(certificate: pem)
    let url = { (port: Int) in "smtp://desk:secret@localhost:\(port)" }
    #expect(try await send(to: start, url, authorities: authority) == .accepted)
    #expect(
      start.transcript.filter { $0.hasPrefix("plain") }.allSatisfy { !$0.contains("AUTH") && !$0.contains("MAIL") })
    #expect(start.transcript.contains { $0.hasPrefix("tls AUTH PLAIN") }, "\(start.transcript)")

    let atOnce = try await ScriptedMailServer.start(certificate: pem, speaksTLSAtOnce: true)
    #expect(try await send(to: atOnce, { "smtps://desk:secret@localhost:\($0)" }, authorities: authority) == .accepted)

    let login = try await ScriptedMailServer.start(
      ["auth": "535 who are you?"], certificate: pem)
    guard case .notSent = try await send(to: login, url, authorities: authority) else {
      Issue.record("a wrong password is ours to mend")
      return
    }

    let stranger = try await ScriptedMailServer.start(certificate: pem)
    let elsewhere = try await ScriptedMailServer.start(certificate: pem)
    let stripped = try await ScriptedMailServer.start()
    let unwilling = try await ScriptedMailServer.start(["starttls": "454 not now"], certificate: pem)
    for (server, url, authorities) in [
      (stranger, url, nil), (elsewhere, { "smtp://desk:secret@127.0.0.1:\($0)" }, authority),
      (stripped, url, authority),
      (unwilling, url, authority),
    ] as [(ScriptedMailServer, (Int) -> String, String?)] {
      guard case .notSent = try await send(to: server, url, authorities: authorities) else {
        Issue.record("sent to a server that is not the one, or in the clear")
        continue
      }
      #expect(!server.transcript.contains { $0.contains("AUTH") || $0.contains("MAIL") }, "\(server.transcript)")
    }
  }
}
