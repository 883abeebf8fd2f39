import FoundationEssentials
import Glibc
import Synchronization

/// A mail server of a test's own, in Python, which does as it is told and writes down what it was given: one file for each
/// letter, and a transcript.
///
///     let server = try await ScriptedMailServer.start(["rcpt": "550 no such person"])
///     … server.url … server.letters()
public final class ScriptedMailServer: Sendable {
  public let port: Int
  public let folder: String
  private let process: RunningProcess

  /// - Parameters:
  ///   - answers: to `connect`, `ehlo`, `starttls`, `auth`, `mail`, `rcpt`, `data` and `end` (of the letter), in place of
  ///     what a good server says; `close` ends the connection and `silence` leaves it without an answer.
  ///   - certificate: a PEM file with key and certificate; with it the server offers STARTTLS, or speaks TLS at once.
  public static func start(
    _ answers: [String: String] = [:], certificate: String? = nil, speaksTLSAtOnce: Bool = false
  ) async throws -> ScriptedMailServer {
    let folder = "/tmp/pabean-mail-\(UInt64.random(in: 0 ... .max))"
    mkdir(folder, 0o700)
    try Data(program.utf8).write(to: URL(filePath: "\(folder)/server.py"))
    var environment = [
      "PATH": "/usr/bin:/bin", "CERTIFICATE": certificate ?? "", "AT_ONCE": speaksTLSAtOnce ? "1" : "",
    ]
    for (step, answer) in answers { environment["ON_\(step.uppercased())"] = answer }
    let process = try RunningProcess(
      "/usr/bin/python3", ["\(folder)/server.py", folder], environment: environment, logFile: "\(folder)/log")
    let port = try await eventually("the mail server listens") {
      (try? String(contentsOf: URL(filePath: "\(folder)/port"), encoding: .utf8)).flatMap { Int($0) }
    }
    return ScriptedMailServer(port: port, folder: folder, process: process)
  }

  private init(port: Int, folder: String, process: RunningProcess) {
    self.port = port
    self.folder = folder
    self.process = process
  }

  deinit {
    process.kill()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// What was taken, oldest first.
  public func letters() throws -> [String] {
    try files("letter-").map { try String(contentsOf: URL(filePath: "\(folder)/\($0)"), encoding: .utf8) }
  }

  /// All commands of all connections.
  public var transcript: [String] {
    let text = try? String(contentsOf: URL(filePath: "\(folder)/transcript"), encoding: .utf8)
    return (text ?? "").split(separator: "\n").map(String.init)
  }

  private func files(_ prefix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(prefix) }.sorted()
  }

  private static let program = """
    import os, socket, ssl, sys, threading
    folder = sys.argv[1]
    lock, count = threading.Lock(), 0
    def note(line):
        with lock:
            open(f"{folder}/transcript", "a").write(line + "\\n")
    def keep(letter):
        global count
        with lock:
            count += 1
            path = f"{folder}/letter-{count:04}"
            open(path + ".part", "wb").write(letter)
            os.rename(path + ".part", path)
    def context():
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(os.environ["CERTIFICATE"])
        return made
    class Gone(Exception): pass
    def serve(raw):
        sock = context().wrap_socket(raw, server_side=True) if os.environ["AT_ONCE"] else raw
        secure = bool(os.environ["AT_ONCE"])
        file = sock.makefile("rb")
        def say(step, usual):
            answer = os.environ.get("ON_" + step.upper(), usual)
            if answer == "close": raise Gone
            if answer == "silence":
                while sock.recv(1000): pass
                raise Gone
            for line in answer.split("|"): sock.sendall(line.encode() + b"\\r\\n")
            return answer
        def line():
            read = file.readline()
            if not read: raise Gone
            text = read.rstrip(b"\\r\\n").decode("utf-8", "replace")
            note(("tls " if secure else "plain ") + text)
            return text
        say("connect", "220 mail.example ESMTP")
        while True:
            command = line()
            verb = command.split(" ")[0].split(":")[0].upper()
            if verb == "EHLO":
                features = ["mail.example"]
                if os.environ["CERTIFICATE"] and not secure: features.append("STARTTLS")
                if secure: features.append("AUTH PLAIN LOGIN")
                say("ehlo", "|".join("250" + ("-" if f is not features[-1] else " ") + f for f in features))
            elif verb == "HELO": say("ehlo", "250 mail.example")
            elif verb == "STARTTLS":
                if not say("starttls", "220 go ahead").startswith("220"): continue
                sock = context().wrap_socket(raw, server_side=True)
                file, secure = sock.makefile("rb"), True
            elif verb == "AUTH":
                if len(command.split(" ")) == 2:
                    sock.sendall(b"334 \\r\\n")
                    line()
                say("auth", "235 welcome")
            elif verb == "MAIL": say("mail", "250 ok")
            elif verb == "RCPT": say("rcpt", "250 ok")
            elif verb == "DATA":
                if not say("data", "354 go ahead").startswith("354"): continue
                letter = b""
                while True:
                    part = file.readline()
                    if not part: raise Gone
                    if part == b".\\r\\n": break
                    letter += part[1:] if part.startswith(b".") else part
                if os.environ.get("KEEPS", "1") == "1": keep(letter)
                say("end", "250 taken")
            elif verb == "QUIT":
                say("quit", "221 bye")
                raise Gone
            else: say("other", "500 what?")
    def run(sock):
        try: serve(sock)
        except (Gone, OSError): pass
        finally: sock.close()
    listener = socket.create_server(("127.0.0.1", 0))
    open(f"{folder}/port.part", "w").write(str(listener.getsockname()[1]))
    os.rename(f"{folder}/port.part", f"{folder}/port")
    while True:
        threading.Thread(target=run, args=(listener.accept()[0],), daemon=True).start()
    """
}
