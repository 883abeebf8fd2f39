/// Where the script tells what happens meanwhile, with the words that it tells it in.
enum NewsLine {
  static let html = HTML.element(
    "p", .id("news"), .class("news"), .init("role", "status"), .init("hidden"),
    .init("data-again", says: "You are signed in again. Send what you typed."),
    .init("data-silent", says: "The desk does not answer. What you typed is still here."),
    .init("data-retry", says: "Try again"),
    .init(
      "data-over", says: "Your session is over. What you typed is still here: sign in, in another tab, then come back."),
    .init("data-back", says: "I have signed in"), .init("data-sign-in", says: "Sign in"),
    .init("data-refused", says: "The desk could not do it. What you typed is still here."),
    .init(
      "data-unknown",
      says: """
        The desk did not answer. Whether it was done is not known. What you typed is still here: send it again, it is not \
        done twice.
        """),
    .init("data-changed", says: "This case has changed since you opened it."),
    .init("data-reload", says: "Load it again"))
}
