/// How a person wants to be told of their cases: what is urgent at once and the rest once a day, all once a day, or not.
public enum NoticeWish: String, Sendable, CaseIterable { case immediate, digest, none }
