import Domain
import ReviewDeskEngine
import Store

extension KnownPrecedent {
  init(_ entry: PrecedentLibrary.Entry) {
    let stored = entry.precedent
    self.init(
      id: stored.id, market: stored.market, title: stored.description.title, code: stored.code,
      outcome: stored.outcome, decidedAt: stored.decidedAt)
    entered = entry.entered.map { Note(by: $0.by, because: $0.because) }
    withdrawnAt = entry.withdrawnAt
    withdrawn = entry.withdrawn.map { Note(by: $0.by, because: $0.because) }
  }
}
