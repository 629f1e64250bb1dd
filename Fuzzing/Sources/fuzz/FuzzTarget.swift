import Foundation

/// A reader of strangers' bytes.
enum FuzzTarget: String, CaseIterable {
    /// A model file: its directory, its summary, what speaks against it, and the model itself where nothing does.
    case gguf
    /// Text through tokenizers as models have them.
    case tokenizer
    /// A vocabulary of strange tokens and merges, and text through it.
    case vocabulary
    /// A chat template and a conversation.
    case template
    /// The header of a safetensors file.
    case safetensors

    /// The inputs that it starts from, from this project's own writers.
    var seeds: [[UInt8]] {
        switch self {
        case .gguf: GGUFInput.seeds
        case .tokenizer: TokenizerInput.seeds
        case .vocabulary: VocabularyInput.seeds
        case .template: TemplateInput.seeds
        case .safetensors: SafetensorsInput.seeds
        }
    }
}

/// Ends the trial as a finding where a promise does not hold.
func promise(_ holds: Bool, _ what: @autoclosure () -> String) {
    guard !holds else { return }
    FileHandle.standardError.write(Data("broken promise: \(what())\n".utf8))
    preconditionFailure("broken promise")
}

/// A refusal that people can read: it says something, in one line, and nothing in it moves a terminal's cursor.
func promiseReadable(_ message: String) {
    promise(!message.isEmpty, "a refusal says nothing")
    promise(message.utf8.count < 4096, "a refusal has \(message.utf8.count) bytes: \(message.prefix(200))")
    let isPlain = message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    promise(isPlain, "a refusal has control characters: \(message.debugDescription)")
}

/// What a first byte and what follows it mean: a choice, and parts with 0xff, which is in no UTF-8, between them.
struct InputParts {
    let choice: Int
    let parts: [ArraySlice<UInt8>]

    init?(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return nil }
        choice = Int(first)
        parts = bytes.dropFirst().split(separator: 0xff, omittingEmptySubsequences: false)
    }

    /// A part as text; what is no UTF-8 becomes U+FFFD. Empty where there is none.
    func text(_ index: Int) -> String {
        parts.indices.contains(index) ? String(decoding: parts[index], as: UTF8.self) : ""
    }

    /// The bytes that are read as these.
    static func bytes(_ choice: UInt8, _ parts: [String]) -> [UInt8] {
        [choice] + Array(parts.map { Array($0.utf8) }.joined(separator: [0xff]))
    }
}
