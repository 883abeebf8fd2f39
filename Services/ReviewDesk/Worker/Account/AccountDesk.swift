import HTTP
import ReviewDeskEngine
import Store

/// The pages of a person's own account.
struct AccountDesk: Sendable {
  let accounts: Accounts
  let console: Console

  func add(to router: inout Router) {
    router.on(.get, "/account", console.visiting { request, visit in try await show(request, visit) })
    router.on(.post, "/account/settings", console.changing { _, form, visit in try await save(form, visit) })
    router.on(.post, "/account/password", console.changing { _, form, visit in try await changePassword(form, visit) })
    router.on(.post, "/account/sessions", console.changing { _, form, visit in try await endSessions(form, visit) })
  }

  private func show(_ request: HTTPRequest, _ visit: Console.Visit) async throws -> HTTPResponse {
    let notice: Phrase? =
      switch request.queryValue("saved") {
      case "settings": "Your settings are saved."
      case "password": "Your password is changed. You are signed out everywhere else."
      case "sessions": "It is done."
      default: nil
      }
    return try await page(visit, notice: notice)
  }

  private func page(
    _ visit: Console.Visit, fault: Phrase? = nil, notice: Phrase? = nil, status: Int = 200
  ) async throws -> HTTPResponse {
    let page = AccountPage(
      try await accounts.account(visit), try await accounts.sessions(visit), visit.visitor,
      sendsLetters: accounts.sendsLetters, fault: fault, notice: notice)
    return .page(page.html, status: status)
  }

  private func save(_ form: FormFields, _ visit: Console.Visit) async throws -> HTTPResponse {
    guard let account = try await accounts.account(visit) else { return try await page(visit) }
    guard let changed = account.changed(by: form) else {
      return try await page(visit, fault: "The settings cannot be read. Nothing was changed.", status: 422)
    }
    try await accounts.save(changed, visit)
    return .seeOther("/account?saved=settings")
  }

  private func changePassword(_ form: FormFields, _ visit: Console.Visit) async throws -> HTTPResponse {
    guard let current = form["current"], let password = form["password"], let repeated = form["repeated"],
      current.utf8.count <= PasswordRule.bytesMax
    else { return try await page(visit, fault: "The settings cannot be read. Nothing was changed.", status: 422) }
    if let objection = PasswordRule.objection(to: password, repeated: repeated, of: visit.principal.account) {
      return try await page(visit, fault: objection, status: 422)
    }
    switch try await accounts.changePassword(from: current, to: password, visit) {
    case .changed: return .seeOther("/account?saved=password")
    case .wrong:
      return try await page(visit, fault: "Your password now is another one. Nothing was changed.", status: 403)
    case .locked:
      return try await page(
        visit, fault: "After too many wrong passwords nothing can be changed for a while.", status: 403)
    }
  }

  private func endSessions(_ form: FormFields, _ visit: Console.Visit) async throws -> HTTPResponse {
    try await accounts.endSessions(form["mark"], visit)
    return .seeOther("/account?saved=sessions")
  }
}
