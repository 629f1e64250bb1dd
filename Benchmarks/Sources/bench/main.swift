import Foundation

// bench SERIN DEMO_FILES [resolve] [start] [publish] [serve]: prints the table of Benchmarks/README.md.
guard CommandLine.arguments.count >= 3 else {
    FileHandle.standardError.write(Data("usage: bench SERIN DEMO_FILES [resolve] [start] [publish] [serve]\n".utf8))
    exit(64)
}
let suite = try Suite(binary: CommandLine.arguments[1], demo: CommandLine.arguments[2])
let wanted = Set(CommandLine.arguments.dropFirst(3))
print("| what | measured | target |")
print("| --- | --- | --- |")
if wanted.isEmpty || wanted.contains("start") { try suite.start() }
if wanted.isEmpty || wanted.contains("resolve") { try suite.resolve() }
if wanted.isEmpty || wanted.contains("publish") { try suite.publish() }
if wanted.isEmpty || wanted.contains("serve") { try suite.serve() }
suite.clean()
