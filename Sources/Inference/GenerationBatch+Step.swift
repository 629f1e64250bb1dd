extension GenerationBatch {
    /// Runs one token of every answer and up to `promptRows` tokens of the prompts that wait: those of the background
    /// last, else in equal parts, so that a short prompt does not wait for a long one before it. Where several callers
    /// have answers under way, each has its share of a step (``CallerShares``).
    ///
    /// - Parameters:
    ///   - restingBackground: whether requests in the background are left out.
    ///   - report: called for what happened, in the order of admission; it does not change the batch.
    /// - Returns: false when there was nothing to run.
    @discardableResult
    public func step(restingBackground: Bool = false, _ report: (Event) -> Void) -> Bool {
        let pieces = collectRows(restingBackground: restingBackground)
        guard !rows.isEmpty else { return false }
        let begin = ContinuousClock.now
        defer { cost.record(rows: rows.count, seconds: begin.duration(to: .now) / .seconds(1)) }
        do {
            try forward.run(rows)
        } catch {
            // Rows were checked when they were admitted and their pages are there: this is a fault of the engine's
            // own, and no answer of this step can be trusted.
            failAll(error, report)
            return true
        }
        var failures: [(key: Int, error: InferenceError)] = []
        for (row, index) in stepped.enumerated() {
            do {
                try advance(&lines[index], logitsOf: row, report)
            } catch {
                if !failures.contains(where: { $0.key == lines[index].key }) {
                    failures.append((lines[index].key, error))
                }
            }
        }
        lines.removeAll(where: \.isOver)
        var logits = stepped.count
        for piece in pieces {
            prompts[piece.prompt].done += piece.count
            guard piece.isLast else { continue }
            do {
                try open(prompts[piece.prompt], logitsOf: logits, report)
            } catch {
                failures.append((prompts[piece.prompt].key, error))
            }
            logits += 1
        }
        for failure in failures {
            report(.failed(request: failure.key, failure.error))
            cancel(failure.key)
        }
        prompts.removeAll { $0.done == $0.request.promptTokens.count }
        return true
    }

    /// The rows of a step; also which prompts they advance.
    private func collectRows(restingBackground: Bool) -> [(prompt: Int, count: Int, isLast: Bool)] {
        rows.removeAll(keepingCapacity: true)
        stepped.removeAll(keepingCapacity: true)
        let shares = callerShares(restingBackground: restingBackground)
        for (index, line) in lines.enumerated() where !(restingBackground && line.isBackground) {
            guard line.isBackground || shares?.lines.contains(index) ?? true else { continue }
            lines[index].turn = cost.steps
            stepped.append(index)
            rows.append(
                BatchRow(
                    token: line.token,
                    sequence: line.sequence,
                    position: line.answer.position - 1,
                    wantsLogits: true
                )
            )
        }
        var pieces: [(prompt: Int, count: Int, isLast: Bool)] = []
        let live = prompts.indices.filter { !prompts[$0].isBackground }
        var parts: [(prompt: Int, count: Int)] = []
        if let shares {
            for (caller, room) in shares.promptRows {
                parts += self.parts(of: room, among: live.filter { prompts[$0].caller == caller })
            }
            parts.sort { $0.prompt < $1.prompt }
        } else {
            parts = self.parts(of: promptRows, among: live)
        }
        if !restingBackground {
            let room = promptRows - parts.reduce(0) { $0 + $1.count }
            parts += self.parts(of: room, among: prompts.indices.filter { prompts[$0].isBackground })
        }
        for (index, count) in parts {
            let prompt = prompts[index], tokens = prompt.request.promptTokens
            let end = prompt.done + count
            for position in prompt.done..<end {
                rows.append(
                    BatchRow(
                        token: tokens[position],
                        sequence: prompt.sequences[0],
                        position: position,
                        wantsLogits: position == tokens.count - 1
                    )
                )
            }
            pieces.append((index, count, end == tokens.count))
        }
        return pieces
    }

    /// The rows that prompts have of `room`; those without one are left out.
    private func parts(of room: Int, among waiting: [Int]) -> [(prompt: Int, count: Int)] {
        zip(waiting, Self.shares(of: room, among: waiting.map { prompts[$0].left }))
            .filter { $0.1 > 0 }
            .map { (prompt: $0.0, count: $0.1) }
    }

    /// Whose rows the step runs; nil where one caller is alone.
    private func callerShares(restingBackground: Bool) -> CallerShares? {
        let callers = lines.lazy.filter { !$0.isBackground }.map(\.caller)
        let prompting = prompts.lazy.filter { !$0.isBackground }.map(\.caller)
        guard let first = callers.first ?? prompting.first,
            !(callers.allSatisfy { $0 == first } && prompting.allSatisfy { $0 == first })
        else { return nil }
        var demands: [String: CallerShares.Demand] = [:]
        for (index, line) in lines.enumerated() where !line.isBackground {
            demands[line.caller, default: .init()].lines.append((index, line.turn))
        }
        for prompt in prompts where !prompt.isBackground {
            demands[prompt.caller, default: .init()].left += prompt.left
        }
        let others = restingBackground ? 0 : lines.count { $0.isBackground }
        return CallerShares(
            demands,
            step: cost.steps,
            room: min(cost.crowdedRows, forward.maxRows - others),
            maxPromptRows: promptRows
        )
    }

    /// How many rows of a step each prompt gets: equal parts, and what the short ones leave goes to the others.
    ///
    /// - Parameter lengths: rows that each prompt still needs, at least 1, oldest first.
    static func shares(of room: Int, among lengths: [Int]) -> [Int] {
        var shares = lengths.map { _ in 0 }, left = max(0, room)
        var order = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
        // Where there are more prompts than rows, the oldest comes first, or short ones could keep it waiting for ever.
        if left < lengths.count, let oldest = order.firstIndex(of: 0) { order.insert(order.remove(at: oldest), at: 0) }
        for (place, index) in order.enumerated() where left > 0 {
            shares[index] = min(lengths[index], max(1, left / (order.count - place)))
            left -= shares[index]
        }
        return shares
    }

    /// Chooses a line's next token.
    private func advance(
        _ line: inout Line,
        logitsOf index: Int,
        _ report: (Event) -> Void
    ) throws(InferenceError) {
        let logits = try forward.logits(index, position: line.answer.position - 1)
        take(logits, &line, report)
    }

    private func take(_ logits: LogitsRow, _ line: inout Line, _ report: (Event) -> Void) {
        let start = line.start
        let step = line.answer.take(logits) { start.duration(to: .now) / .seconds(1) }
        report(.token(request: line.key, choice: line.choice, step.token, text: step.text))
        line.token = step.token.id
        guard step.isOver else { return }
        let seconds = start.duration(to: .now) / .seconds(1)
        report(.ended(request: line.key, choice: line.choice, line.answer.generation(seconds: seconds)))
        forward.pages.release(line.sequence)
        line.isOver = true
    }

    /// Begins the answers of a prompt that has been run: every choice draws its first token from the same logits.
    private func open(
        _ prompt: OpenPrompt,
        logitsOf index: Int,
        _ report: (Event) -> Void
    ) throws(InferenceError) {
        let tokens = prompt.request.promptTokens
        let logits = try forward.logits(index, position: tokens.count - 1)
        // A state cannot be shared by page, so what begins the same runs again where there is one.
        if let state = prompt.sequences[0].state {
            for sequence in prompt.sequences.dropFirst() {
                sequence.state = try RecurrentState(copying: state)
            }
        } else {
            prefixes.keep(tokens, of: prompt.sequences[0], in: forward.pages)
        }
        let (page, begun) = tokens.count.quotientAndRemainder(dividingBy: KVPages.pageTokens)
        if begun > 0 {
            for sequence in prompt.sequences.dropFirst() {
                forward.pages.copy(page: page, of: prompt.sequences[0], to: sequence)
            }
        }
        for (choice, seed) in prompt.seeds.enumerated() {
            var request = prompt.request
            request.seed = seed
            var line = Line(
                key: prompt.key,
                choice: choice,
                caller: prompt.caller,
                isBackground: prompt.isBackground,
                start: prompt.start,
                sequence: prompt.sequences[choice],
                answer: OpenAnswer(
                    request,
                    tokenizer,
                    contextLength: model.contextLength,
                    instructions: instructions
                )
            )
            take(logits, &line, report)
            if !line.isOver { lines.append(line) }
        }
    }

    private func failAll(_ error: InferenceError, _ report: (Event) -> Void) {
        var keys: [Int] = []
        for key in lines.map(\.key) + prompts.map(\.key) where !keys.contains(key) { keys.append(key) }
        for key in keys {
            report(.failed(request: key, error))
            cancel(key)
        }
    }
}
