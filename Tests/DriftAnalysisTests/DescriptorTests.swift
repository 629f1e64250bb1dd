import Foundation
import RegistryTypes
import Testing

@testable import DriftAnalysis

/// What is read from a request, and what of it comes back from its bytes.
@Suite struct DescriptorTests {
    private func record(
        outcome: RequestOutcome = .answered,
        promptTokens: Int? = 20,
        capture: CapturePolicy = .redacted,
        changesRelease: Bool? = nil,
        isCutByRequest: Bool? = nil
    ) throws -> RequestRecord {
        RequestRecord(
            id: RequestID(time: World.start, random: (1, 2)),
            time: World.start,
            model: try Name("ticket-bot"),
            asked: "ticket-bot",
            release: 1,
            version: 1,
            prompt: VersionID(try Name("triage"), 3),
            arm: .live,
            key: try Name("app"),
            outcome: outcome,
            status: outcome == .answered ? 200 : 504,
            finish: outcome == .answered ? "stop" : nil,
            promptTokens: promptTokens,
            outputTokens: outcome == .answered ? 12 : nil,
            totalSeconds: 0.25,
            changesRelease: changesRelease,
            isCutByRequest: isCutByRequest,
            capture: capture
        )
    }

    @Test func readsTheFormOfAText() throws {
        let text = "Größe 42\n```swift\nlet x = 1\n```\nÇa va?"
        let found = RequestDescriptors(record: try record(), input: text, turns: 3)
        let characters = Float(text.unicodeScalars.count)
        #expect(found.number(.promptTokens) == 20)
        #expect(found.number(.turns) == 3)
        #expect(found.number(.charactersPerToken) == characters / 20)
        #expect(found.number(.nonASCIIShare) == 3 / characters)
        #expect(found.number(.digitShare) == 3 / characters)
        #expect(found.number(.lineBreaks) == 4)
        #expect(found.isYes(.codeFence) == true)
        #expect(found.category(.script) == "latin")
        #expect(found.category(.prompt) == "triage@3")
        #expect(found.category(.pattern) == "none")
        #expect(found.isYes(.errors) == false)
    }

    @Test(arguments: [
        ("", "none", "und"), ("12 345 !?", "none", "und"), ("Где мой заказ?", "cyrillic", "ru"),
        ("Де моє замовлення? Їжа холодна", "cyrillic", "uk"), ("注文はどこですか", "kana", "ja"),
        ("我的订单在哪里", "han", "zh"), ("주문이 어디 있나요", "hangul", "ko"), ("Πού είναι η παραγγελία μου;", "greek", "el"),
        ("أين طلبي", "arabic", "ar"), ("היכן ההזמנה שלי", "hebrew", "he"), ("मेरा ऑर्डर कहाँ है", "indic", "hi"),
        ("คำสั่งซื้อของฉันอยู่ที่ไหน", "thai", "th"), ("\u{0}\u{1}\u{7f}", "none", "und"), ("x", "latin", "und"),
    ])
    func tellsScripts(_ text: String, _ script: String, _ language: String) throws {
        let found = RequestDescriptors(record: try record(), input: text)
        #expect(found.category(.script) == script)
        #expect(found.category(.language) == language)
    }

    @Test(arguments: [
        ("en", "Where is my parcel? I ordered it three weeks ago and nobody answers the phone."),
        ("de", "Wo bleibt mein Paket? Ich habe es vor drei Wochen bestellt und niemand geht ans Telefon."),
        ("fr", "Où est mon colis ? Je l'ai commandé il y a trois semaines et personne ne répond au téléphone."),
        ("es", "¿Dónde está mi paquete? Lo pedí hace tres semanas y nadie contesta el teléfono."),
        ("it", "Dov'è il mio pacco? L'ho ordinato tre settimane fa e nessuno risponde al telefono."),
        ("nl", "Waar blijft mijn pakket? Ik heb het drie weken geleden besteld en niemand neemt de telefoon op."),
        ("pt", "Onde está a minha encomenda? Fiz o pedido há três semanas e ninguém atende o telefone."),
        ("sv", "Var är mitt paket? Jag beställde det för tre veckor sedan och ingen svarar i telefonen."),
        ("da", "Hvor er min pakke? Jeg bestilte den for tre uger siden, og ingen tager telefonen."),
        ("pl", "Gdzie jest moja paczka? Zamówiłem ją trzy tygodnie temu i nikt nie odbiera telefonu."),
        ("tr", "Paketim nerede? Üç hafta önce sipariş verdim ve kimse telefona bakmıyor."),
    ])
    func tellsLanguages(_ language: String, _ text: String) throws {
        #expect(RequestDescriptors(record: try record(), input: text).category(.language) == language)
    }

    /// On the tickets of the demo, which say their locale: short, with slips and without capitals.
    @Test func tellsTheDemosTicketsApart() throws {
        var right = 0
        var wrong: [String] = []
        let tickets = try Demo.tickets()
        for ticket in tickets {
            let found = RequestDescriptors(record: try record(), input: ticket.text).category(.language)
            if found == ticket.locale {
                right += 1
            } else {
                wrong.append("\(ticket.locale)→\(found ?? "-"): \(ticket.text)")
            }
        }
        let share = Double(right) / Double(tickets.count)
        print("language of \(tickets.count) demo tickets: \(right) right (\((share * 1000).rounded() / 10) %)")
        #expect(share > 0.97, "\(wrong.prefix(20).joined(separator: "\n"))")
    }

    /// What somebody gets at a temperature of 2, or cut at a limit of its own, moves no measure of the answers; what was
    /// asked is measured all the same.
    @Test(arguments: [(true, false), (false, true), (true, nil)] as [(Bool?, Bool?)])
    func answersByOthersSettingsAreNotMeasured(_ changes: Bool?, _ isCut: Bool?) throws {
        let own = RequestDescriptors(
            record: try record(changesRelease: changes, isCutByRequest: isCut),
            input: "Where is it?",
            answers: ["no no no no"]
        )
        #expect(own.number(.completionTokens) == nil && own.category(.finish) == nil)
        #expect(own.number(.totalSeconds) == nil && own.number(.promptTokens) == 20)
        let plain = RequestDescriptors(
            record: try record(changesRelease: false, isCutByRequest: false),
            input: "Where?"
        )
        #expect(plain.number(.completionTokens) == 12 && plain.number(.totalSeconds) == 0.25)
    }

    @Test func whatCannotBeIsNotMissing() throws {
        let failed = DriftSummary(rows: [
            RequestDescriptors(record: try record(outcome: .timedOut, promptTokens: nil), input: "Where is it?")
        ])
        let unseen = DriftSummary(rows: [RequestDescriptors(record: try record(capture: .metadata), input: nil)])
        let lost = DriftSummary(rows: [RequestDescriptors(record: try record(), input: nil, isScored: true)])
        // A request without an answer lacks no answer, one whose text nobody may keep lacks no text.
        #expect(failed.encoded() != lost.encoded())
        let found = RequestDescriptors(record: try record(), input: nil, isScored: true)
        #expect(found.category(.language) == nil)
        #expect(unseen.requests == 1)
    }

    @Test func comeBackFromTheirBytes() throws {
        var world = World(seed: 11)
        for row in try world.requests(50) {
            let bytes = row.descriptors.encoded()
            #expect(try RequestDescriptors(encoded: bytes) == row.descriptors)
            // 16 bytes of them are the embedding.
            #expect(bytes.count < 140)
            let json = try JSONEncoder().encode([row.descriptors])
            #expect(try JSONDecoder().decode([RequestDescriptors].self, from: json) == [row.descriptors])
            for place in bytes.indices {
                var damaged = bytes
                damaged[place] = ~damaged[place]
                // No checksum here: a wrong number may be read, a crash may not happen.
                _ = try? RequestDescriptors(encoded: damaged)
                _ = try? RequestDescriptors(encoded: bytes.prefix(place))
            }
        }
    }
}
