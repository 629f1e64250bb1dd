import Testing
import TrafficLog

/// Texts with values that must not be stored, made up for these tests.
enum Planted {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let redacted: String
        /// What must not be left of the text.
        let secrets: [String]

        init(_ text: String, _ redacted: String, _ secrets: String...) {
            self.text = text
            self.redacted = redacted
            self.secrets = secrets
        }

        var testDescription: String { text.debugDescription }
    }

    static let token = "srn_3Jx7Qm2Lw9Rk4Tz8Yb1Vc6Np5Hd0Sg3Fj7Xa2Ue9Mo4"
    static let webToken =
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
    static let pem = """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEowIBAAKCAQEAx4UbaDzY5xjW6hc9jwN0mX33XpTDVW+WqGcS2o3kQYz1
        Proc-Type: 4,ENCRYPTED
        2nSxG0kq3qQvE8eHk9f7pLr3vJ5wXbTt0o2Qm8cH6dI=
        -----END RSA PRIVATE KEY-----
        """

    static let cases: [Case] = [
        // E-mail
        Case("mail bob@example.com please", "mail <EMAIL_1> please", "bob", "example"),
        Case("Bob.Smith+x@mail.example.co.uk.", "<EMAIL_1>.", "Smith", "mail"),
        Case("<bob@example.com>, 'eve@example.com'", "<<EMAIL_1>>, '<EMAIL_2>'", "bob", "eve"),
        Case("bob@example.com, BOB@EXAMPLE.COM", "<EMAIL_1>, <EMAIL_1>", "BOB"),
        Case("o'brien@example.com", "<EMAIL_1>", "brien"),
        Case("jörg.müller@straße.de!", "<EMAIL_1>!", "jörg", "straße"),
        Case("https://x.test/?mail=bob%40example.com&a=1", "https://x.test/?mail=<EMAIL_1>&a=1", "bob"),
        Case(#"{"from":"a\nbob@example.com"}"#, #"{"from":"a\n<EMAIL_1>"}"#, "bob"),
        Case("请联系bob@example.com谢谢", "请联系<EMAIL_1>谢谢", "bob"),
        Case("a@b.de@c.de", "<EMAIL_1>@c.de", "b.de"),
        // Cards
        Case("card 4111 1111 1111 1111 thanks", "card <CARD_1> thanks", "4111", "1111"),
        Case("4111111111111111", "<CARD_1>", "411"),
        Case("4111-1111-1111-1111,5500.0000.0000.0004", "<CARD_1>,<CARD_2>", "1111", "0004"),
        Case("3782 822463 10005", "<CARD_1>", "3782", "10005"),
        Case("6011\u{a0}0009\u{a0}9013\u{a0}9424", "<CARD_1>", "6011", "9424"),
        Case("order 45955 4111 1111 1111 1111", "order 45955 <CARD_1>", "4111"),
        Case(#"{"card":"4111111111111111"}"#, #"{"card":"<CARD_1>"}"#, "4111"),
        // Accounts
        Case("IBAN DE89 3704 0044 0532 0130 00.", "IBAN <IBAN_1>.", "3704", "0130"),
        Case("DE89370400440532013000 and de89-3704-0044-0532-0130-00", "<IBAN_1> and <IBAN_1>", "3704"),
        Case("pay to GB29 NWBK 6016 1331 9268 19 now", "pay to <IBAN_1> now", "NWBK", "9268"),
        Case("FR1420041010050500013M02606", "<IBAN_1>", "2004"),
        Case("MT84 MALT 0110 0001 2345 MTLC AST0 01S", "<IBAN_1>", "MTLC", "01S"),
        // Telephones
        Case("call +49 30 1234567 today", "call <PHONE_1> today", "1234567"),
        Case("+49 (0)30 1234-567", "<PHONE_1>", "567"),
        Case("ruf 030 / 1234567 an", "ruf <PHONE_1> an", "1234567"),
        Case("(030) 1234567", "<PHONE_1>", "030", "1234567"),
        Case("015112345678, 0151/12345678", "<PHONE_1>, <PHONE_1>", "0151"),
        Case("0049 30 1234567", "<PHONE_1>", "1234567"),
        Case("01 23 45 67 89", "<PHONE_1>", "45"),
        Case("(555) 123-4567 or 555.123.4567", "<PHONE_1> or <PHONE_1>", "4567"),
        Case("1-800-555-0199", "<PHONE_1>", "0199"),
        Case("Tel.: 1234567", "Tel.: <PHONE_1>", "1234567"),
        Case("Handynummer 7654321!", "Handynummer <PHONE_1>!", "7654321"),
        // Addresses
        Case("from 192.168.10.25:8080", "from <IP_1>:8080", "192", ".25"),
        Case("2001:db8::ff00:42:8329, ::1", "<IP_1>, <IP_2>", "2001", "8329"),
        Case("[fe80::1ff:fe23:4567:890a]", "[<IP_1>]", "fe80"),
        Case("::ffff:192.0.2.128.", "<IP_1>.", "192", "128"),
        // Keys
        Case("key \(token).", "key <KEY_1>.", "srn_", "3Jx7"),
        Case("Authorization: Bearer abc123def456", "Authorization: Bearer <KEY_1>", "abc123"),
        Case("Basic dXNlcjpwYXNz", "Basic <KEY_1>", "dXNl"),
        Case("sk-abcdefghijklmnopqrst", "<KEY_1>", "sk-"),
        Case("AKIAIOSFODNN7EXAMPLE", "<KEY_1>", "AKIA"),
        Case("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "<KEY_1>", "ghp_"),
        Case(webToken, "<KEY_1>", "eyJ"),
        Case("my password: hunter2!x", "my password: <KEY_1>", "hunter2"),
        Case(#"{"api_key": "q9w8e7r6"}"#, #"{"api_key": "<KEY_1>"}"#, "q9w8"),
        Case("client_secret=s3cr3t-v4lue&x=1", "client_secret=<KEY_1>", "s3cr3t"),
        Case("Zk9mQ2xT7vB4nR8wY1cF6hJ3pL5sD0gA", "<KEY_1>", "Zk9m"),
        Case("see\n\(pem)\nthanks", "see\n<KEY_1>\nthanks", "MIIE", "Proc", "qQvE"),
        Case("DB_PASS=hunter2x", "DB_PASS=<KEY_1>", "hunter"),
        Case("export DB_PASS=correcthorse", "export DB_PASS=<KEY_1>", "correcthorse"),
        Case(#"{"user":"x","pass":"qwe-rty1"}"#, #"{"user":"x","pass":"<KEY_1>"}"#, "qwe"),
        Case("the password is hunter2!x, ok", "the password is <KEY_1>, ok", "hunter2"),
        Case("Mein Passwort lautet 'geheim123'.", "Mein Passwort lautet '<KEY_1>'.", "geheim"),
        Case(
            "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX end",
            "https://<KEY_1> end",
            "T00000000/B",
            "XXXXXXXXXXXX"
        ),
        // Other ways to write the same
        Case("ｂｏｂ＠ｅｘａｍｐｌｅ．ｃｏｍ!", "<EMAIL_1>!", "ｂｏｂ", "ｅｘａｍ"),
        Case("bob@example.com, ｂｏｂ＠example.com", "<EMAIL_1>, <EMAIL_1>", "ｂｏｂ"),
        Case("card ４１１１ １１１１ １１１１ １１１１.", "card <CARD_1>.", "４１１１"),
        Case("Tel. ٠٣٠ ١٢٣٤٥٦٧!", "Tel. <PHONE_1>!", "١٢٣"),
        Case("b\u{200b}ob@exam\u{ad}ple.\u{feff}com", "<EMAIL_1>", "ob@", "ple"),
        Case("𝐛𝐨𝐛@example.com", "<EMAIL_1>", "𝐛"),
        Case("bob&#64;example&#46;com &#x40; x", "<EMAIL_1> &#x40; x", "bob", "example"),
        Case("bob&commat;example&period;com", "<EMAIL_1>", "bob"),
        Case(#"{"to":"bob\u0040example.com"}"#, #"{"to":"<EMAIL_1>"}"#, "bob"),
        Case(#"bob\x40example\x2ecom"#, "<EMAIL_1>", "bob"),
        Case("bob%40example%2Ecom", "<EMAIL_1>", "bob"),
        Case("bob (at) example (dot) com", "<EMAIL_1>", "bob", "example"),
        Case("bob[at]example.com, eve{at}example[.]com", "<EMAIL_1>, <EMAIL_2>", "bob", "eve"),
        Case("so: b o b @ e x a m p l e . c o m ok", "so: <EMAIL_1> ok", "b o b @", "e x a m p"),
        Case("Ym9iQGV4YW1wbGUuY29t please", "<EMAIL_1> please", "Ym9iQGV4YW"),
        Case("text cGxlYXNlIHdyaXRlIHRvIGJvYkBleGFtcGxlLmNvbSB0b2RheQ==.", "text <KEY_1>==.", "cGxlYXNlIH"),
        Case("https://x.test/dG8gZXZlQHguZXhhbXBsZQ/y", "https://x.test/<EMAIL_1>/y", "dG8gZXZl"),
        Case("data:text/plain;base64,c2stYWJjZGVmZ2hpamtsbW5vcHFyc3Q=", "data:text/plain;base64,<KEY_1>", "c2stYWJjZG"),
        Case(
            "bob&#64example.com, bob\\u{40}example.com, bob\\U00000040example.com",
            "<EMAIL_1>, <EMAIL_1>, <EMAIL_1>",
            "bob"
        ),
        Case("b\u{e0041}ob\u{fe0f}@ⓔⓧⓐⓜⓟⓛⓔ.com", "<EMAIL_1>", "ob", "ⓧ"),
        Case("৪১১১ ১১১১ ১১১১ ১১১১, ๔๑๑๑๑๑๑๑๑๑๑๑๑๑๑๑", "<CARD_1>, <CARD_1>", "১১", "๑๑"),
        // Values in quotes, tags, flags and addresses
        Case("DB_PASSWORD='hunter 2 and more' x", "DB_PASSWORD='<KEY_1>' x", "hunter", " 2", "more"),
        Case(
            #"{"password": "it is \"hun\" 2 go", "a": "b c"}"#,
            #"{"password": "<KEY_1>", "a": "b c"}"#,
            "hun",
            "2 go"
        ),
        Case(
            #"{\"secret\":\"two words 1\",\"a\":\"b c\"}"#,
            #"{\"secret\":\"<KEY_1>\",\"a\":\"b c\"}"#,
            "two",
            "words"
        ),
        Case(
            "password => hunter2, <password>hunter2</password>",
            "password => <KEY_1>, <password><KEY_1></password>",
            "hunt"
        ),
        Case("run --password hunter2 --verbose", "run --password <KEY_1> --verbose", "hunter2"),
        Case("AccountKey=abc/def+gh==;x", "AccountKey=<KEY_1>;x", "abc/"),
        Case("postgres://app:hunter2@db.local/x", "postgres://app:<KEY_1>@db.local/x", "hunter2"),
        Case("redis://:p@ss@h:6379, https://u:x@h/a@b", "redis://:<KEY_1>@h:6379, https://u:<KEY_2>@h/a@b", "p@", "x@"),
        // Together
        Case(
            "Bob bob@example.com, +49 30 1234567, DE89 3704 0044 0532 0130 00, 4111 1111 1111 1111, 10.0.0.1",
            "Bob <EMAIL_1>, <PHONE_1>, <IBAN_1>, <CARD_1>, <IP_1>",
            "bob@",
            "1234567",
            "3704",
            "1111",
            "10.0"
        ),
    ]

    /// Texts that no rule may touch.
    static let withinMargin: [String] = [
        "", " ", "order 45955", "#45955", "order 45955 45956 45957", "Bestellung 48213, 4 Stück", "in 2026 and 2027",
        "2026-11-21", "21.11.2026", "01.02.2026", "01.02. - 05.02.2026", "2026-11-21T19:06:23.120Z", "12:30:45",
        "08.30 - 17.45 Uhr", "1,299.00 EUR", "1.299.000,00", "0.123456789", "$19.99", "v1.2.3.4", "1.2.3.4.5",
        "300.1.1.1",
        "4111 1111 1111 1112", "DE88 3704 1144 1532 1130 11", "1234567890123456", "std::vector<int>", "a::b",
        "me @ home", "@bob", "bob@", "bob@localhost", "a@b.c", "bearer instruments", "Basic understanding",
        "the password is lost", "password: please", "token", "eyJ", "sk-short", "getUserAccountBalanceFromServerByName",
        "My-Long-Article-Title-2024-With-Many-Words-In-It", "550e8400-e29b-41d4-a716-446655440000",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "ab12 the quick brown fox jumps over",
        "<EMAIL_1> and <CARD_2>", "dreißig Äpfel für 5 €", "\u{1F600} 12345 \u{1F600}",
        "compass: north", "the password is required", "the password is case-sensitive", "bypass=on", "meet (at) noon",
        "f(at) x", "see [at] page 4", "3 @ 4", "a @ b", "I @ m here . s o", "ＡＢＣ　１２３", "100 &#8364; & more",
        "caf\\u00e9",
        "aGVsbG8gd29ybGQgb2YgdGV4dA==", "thisIsAVeryLongIdentifierName", "50% off", "x%2Fy", "\u{200b}a\u{200d}b",
        #"{"intent":"refund","order":"45955","priority":"low"}"#, "-----BEGIN", "-- BEGIN of the story --",
        "http://localhost:8080/a@b", "https://bob@example/x", "ftp://host:21", "the \"token\" is 'here it is' now",
        "password = 'a'", "say 'hello world' to password", "if token > 100000 then", "the token -> 123456789",
        "5 m² of ③",
        "password: \"never closed and so on", "&#65 &#x41 &#8364",
    ]
}
