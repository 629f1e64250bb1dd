import DemoTraffic

/// What came back in a run of a minute.
enum SampleRun {
    static func answer(
        _ release: Int,
        right: Bool,
        arm: String = "live",
        json: Bool = true,
        label: SentRequest.Label = .taken
    ) -> SentRequest.End {
        .answered(
            .init(release: "ticket-bot@r\(release)", arm: arm, isRight: right, isJSON: json, label: label)
        )
    }

    /// Sixty seconds: r1, then r2 wrong in half its answers with a fifth held back, then r1 again.
    static var story: TrafficTally {
        var tally = TrafficTally(seconds: 60)
        for number in 0..<300 {
            let due = Double(number) / 5
            tally.send(due: due, now: due + (number == 100 ? 0.3 : 0.001))
            let end: SentRequest.End
            switch number {
            case 7: end = .failed(reason: "HTTP 503, the model cannot answer now")
            case 8, 9: end = .failed(reason: "no connection, connection refused")
            case 299: end = .abandoned
            case 100..<160 where number.isMultiple(of: 5): end = answer(1, right: true, arm: "holdback")
            case 100..<160: end = answer(2, right: number.isMultiple(of: 2), json: !number.isMultiple(of: 7))
            case 200: end = answer(1, right: false, label: .refused(reason: "HTTP 404, no such request"))
            default: end = answer(1, right: true)
            }
            tally.add(SentRequest(due: due, ended: due + 0.004 + Double(number % 10) / 1000, end: end))
        }
        tally.leave(2)
        return tally
    }
}
