/// Which passwords are taken. Length is what counts (NIST SP 800-63B); no mix of characters is asked for.
public enum PasswordRule {
  public static let lengthMin = 12
  public static let bytesMax = 1024

  /// What is wrong with the password, or nil.
  public static func objection(to password: String, repeated: String, of email: String) -> Phrase? {
    if password != repeated { return "The two passwords differ. Type the same one twice." }
    if password.count < lengthMin { return "The password is too short. Use at least \(lengthMin) characters." }
    if password.utf8.count > bytesMax { return "The password is too long. Use at most \(bytesMax) bytes." }
    let name = email.prefix { $0 != "@" }
    if [email.lowercased(), name.lowercased()].contains(password.lowercased()) {
      return "Your e-mail address is no password. Choose something that others do not know."
    }
    if Set(password).count < 4 { return "The password repeats the same few characters. Choose another." }
    return nil
  }
}
