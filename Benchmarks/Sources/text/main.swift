// text: measures tokenizer and chat templates for Benchmarks/texts, one line of JSON for each line of its input.
//   encode MODEL FILE           reads both; {"tokens": n, "sum": of the ids}, then for each "go": {"seconds": s}
//   render FILE CONVERSATION    the same for a template with the variables of a JSON file: {"bytes": n}
// A line of standard input `go N` does it N times.
import ChatTemplate
import Foundation
import GGUF
import Tokenizers

func end(_ message: String) -> Never {
    FileHandle.standardError.write(Data("text: \(message)\n".utf8))
    exit(64)
}

/// Seconds of CPU that this process has had.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func say(_ line: String) {
    print(line)
    // All streams: the one that is meant is a global variable, which Swift 6 does not let in.
    fflush(nil)
}

/// Does `work` as often as each line asks, and says what it took.
func serve(_ work: () throws -> Void) throws {
    while let line = readLine() {
        guard line.hasPrefix("go "), let count = Int(line.dropFirst(3)), count > 0 else { end("unknown line \(line)") }
        let start = processorSeconds()
        for _ in 0..<count { try work() }
        say("{\"seconds\": \(processorSeconds() - start)}")
    }
}

let arguments = CommandLine.arguments
guard arguments.count == 4 else { end("encode MODEL FILE, or render FILE CONVERSATION") }
let text = try String(contentsOfFile: arguments[arguments[1] == "encode" ? 3 : 2], encoding: .utf8)
switch arguments[1] {
case "encode":
    let tokenizer = try Tokenizer(GGUFFile(path: arguments[2]))
    let tokens = tokenizer.encode(text, specials: .plainText)
    say("{\"tokens\": \(tokens.count), \"sum\": \(tokens.reduce(0, +))}")
    try serve { _ = tokenizer.encode(text, specials: .plainText) }
case "render":
    let json = try String(contentsOfFile: arguments[3], encoding: .utf8)
    guard case .mapping(let table)? = TemplateValue(json: json) else { end("\(arguments[3]) is no JSON object") }
    func list(_ name: String) -> [TemplateValue]? {
        if case .list(let list)? = table[name] { return list.elements }
        return nil
    }
    let template = try ChatTemplate(text)
    let conversation = TemplateConversation(
        messages: list("messages") ?? [],
        tools: list("tools"),
        now: TemplateTime(secondsSince1970: 1_790_000_000),
        bosToken: "<s>",
        eosToken: "</s>"
    )
    say("{\"bytes\": \(try template.render(conversation).string.utf8.count)}")
    try serve { _ = try template.render(conversation) }
default: end("unknown word \(arguments[1])")
}
