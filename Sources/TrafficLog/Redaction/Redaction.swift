/// The rules by which texts are redacted before they are stored, and what they do not find.
///
/// Found: e-mail addresses (also with `%40` and non-ASCII letters), payment cards (13 to 19 digits with the check digit
/// of Luhn, 1954), bank accounts (IBAN of the listed countries, ISO 7064 mod 97), telephone numbers (`+` or `00` and a
/// country, a leading zero, North American groups, or any number after a word such as "Tel."), IPv4 and IPv6 addresses,
/// keys with a known prefix, JSON web tokens, `Bearer` and `Basic` credentials, values named `password`, `token` and
/// so on, long texts that look random, and PEM blocks.
///
/// Not found: names of people, postal addresses, dates of birth, local telephone numbers without a leading zero,
/// passwords that nothing names, anything written out in words or broken over lines. A number in JSON that stands
/// outside quotes is replaced by a placeholder without quotes. A text that itself says `<EMAIL_1>` cannot be told from
/// one that was redacted.
public enum Redaction {
    /// The version of the rules; stored with every text.
    public static let version = 1
}
