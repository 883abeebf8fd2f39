import Foundation
import Testing

@Suite struct CLibraryTests {
  @Test("the declarations of Pango and Cairo agree with their own headers")
  func declarations() throws {
    let flags = try Poppler.run("/usr/bin/pkg-config", ["--cflags", "pangocairo"])
    try #require(flags.status == 0, "\(flags.output)")
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let shim = package.appendingPathComponent("Shared/CLibraries/CPango/shim.h").path
    let compiled = try Poppler.run(
      "/usr/bin/cc",
      ["-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-x", "c"]
        + flags.output.split(whereSeparator: \.isWhitespace).map(String.init)
        + ["-include", "pango/pangocairo.h", "-include", "cairo-pdf.h", shim])
    #expect(compiled.status == 0, "\(compiled.output)")
  }
}
