// fuzz TARGET [libFuzzer's arguments]: feeds a reader with inputs that grow towards code that none reached before.
// fuzz seeds TARGET FOLDER: writes the inputs that it starts from.
// `Fuzzing/run` calls both.
import Foundation

/// What libFuzzer's own `main` calls. This program has one of its own, so that one build holds every target.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

func refuse(_ message: String) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    exit(64)
}

let usage = """
    error: a target is missing: \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))
    next:  Fuzzing/run --help
    """
var arguments = CommandLine.arguments.dropFirst()
let isWritingSeeds = arguments.first == "seeds"
if isWritingSeeds { arguments.removeFirst() }
guard let target = arguments.first.flatMap(FuzzTarget.init) else { refuse(usage) }

if isWritingSeeds {
    guard let folder = arguments.dropFirst().first else { refuse("error: the folder for the seeds is missing") }
    for (index, seed) in target.seeds.enumerated() {
        try Data(seed).write(to: URL(filePath: folder).appending(path: "seed-\(index)"))
    }
    exit(0)
}

// The name of the target is this program's argument; libFuzzer gets the rest.
var count = CommandLine.argc - 1
var rest = CommandLine.unsafeArgv + 1
rest[0] = CommandLine.unsafeArgv[0]
let status =
    switch target {
    case .gguf: runDriver(&count, &rest) { GGUFInput.read(input($0, $1)) }
    case .tokenizer: runDriver(&count, &rest) { TokenizerInput.read(input($0, $1)) }
    case .vocabulary: runDriver(&count, &rest) { VocabularyInput.read(input($0, $1)) }
    case .template: runDriver(&count, &rest) { TemplateInput.read(input($0, $1)) }
    case .safetensors: runDriver(&count, &rest) { SafetensorsInput.read(input($0, $1)) }
    }
exit(status)

/// The bytes of one trial.
func input(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: start, count: count))
}
