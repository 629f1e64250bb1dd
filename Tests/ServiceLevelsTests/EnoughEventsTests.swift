import RegistryRecords
import RegistryTypes
import ServiceLevels
import Testing
import UserDocuments

/// How many events say anything: on less a level is unknown, no alert stands, and nothing of its budget is known.
@Suite struct EnoughEventsTests {
    private static func status(_ document: SLODocument, good: Int, bad: Int) throws -> SLOStatus {
        var level = try Sample.level(document)
        for index in 0..<good + bad { level.add(index < bad ? .bad : .good, at: Sample.midnight + Int64(index)) }
        return level.status(now: Sample.time(Sample.midnight + 60))
    }

    /// Good and bad events of a full count at 99.9 %, and the state: five of five right is no evidence, five of five wrong
    /// is.
    static let counted: [(good: Int, bad: Int, state: SLOStatus.State)] = [
        (0, 0, .unknown), (1, 0, .unknown), (5, 0, .unknown), (9, 0, .unknown), (10, 0, .met), (1000, 1, .met),
        (0, 1, .missed), (0, 5, .missed), (8, 1, .missed), (9, 1, .missed),
    ]

    @Test(arguments: counted)
    func aFullCount(_ good: Int, _ bad: Int, _ state: SLOStatus.State) throws {
        let found = try Self.status(try Sample.document(), good: good, bad: bad)
        #expect(found.state == state)
        #expect((found.budgetLeft == nil) == (state == .unknown))
        #expect((found.budgetFact.problem == nil) == (state != .unknown))
        guard state == .unknown, good > 0 else { return }
        #expect(found.reason?.contains("at least 10 are needed") == true, "\(found.reason ?? "")")
    }

    /// What the document asks for holds on top: below it nothing stands, however bad.
    @Test(arguments: ["correctness", "userFeedback", "availability", "validOutput"])
    func onUnknownNobodyIsPaged(_ indicator: String) throws {
        let document = try Sample.document(indicator: indicator, target: "90 %", more: "minSamples: 30")
        for bad in [1, 6, 12, 29] {
            let found = try Self.status(document, good: 0, bad: bad)
            #expect(found.state == .unknown && found.firing.isEmpty && found.severity == nil, "\(bad) of \(indicator)")
            #expect(found.alerts.allSatisfy { $0.state == .unknown })
        }
        let enough = try Self.status(document, good: 0, bad: 30)
        #expect(enough.state == .missed && enough.severity == .page)
    }

    /// An alert that stood does not outlive the evidence.
    @Test func whatStoodDoesNotStandOnUnknown() throws {
        let document = try Sample.document(indicator: "correctness", target: "90 %", more: "minSamples: 30")
        var level = try Sample.level(document, firing: Set(document.alerting.map(\.name)))
        for second in 0..<6 { level.add(.bad, at: Sample.midnight + Int64(second)) }
        #expect(level.status(now: Sample.time(Sample.midnight + 4000)).firing.isEmpty)
    }

    /// A trigger of a policy asks for as much as the level.
    @Test func aTriggerIsUnknownBelowWhatTheLevelNeeds() {
        let counts = SLICounts(valid: 20, bad: 20)
        let few = BurnVerdict(long: counts, short: counts, rate: 2, budget: 0.1, minimumValid: 30)
        #expect(!few.isBurning && !few.isKnown)
        let enough = BurnVerdict(long: counts, short: counts, rate: 2, budget: 0.1, minimumValid: 20)
        #expect(enough.isBurning && enough.isKnown)
    }
}
