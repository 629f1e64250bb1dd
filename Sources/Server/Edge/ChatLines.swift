import ControlPlane
import HTTPTypes
import Hummingbird
import Logging
import WireFormat

/// A streamed answer as lines of JSON, each an event.
enum ChatLines {
    /// The answer to a request that wants one. What fails after the first byte is a line too: an answer that was cut off
    /// has no line with the whole of it.
    static func response(_ stream: ChatStream) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: ChatEvent.contentType, .cacheControl: "no-store"],
            body: ResponseBody { writer in
                var body = writer
                func send(_ event: ChatEvent) async throws {
                    var line = try JSONBody.write(event)
                    line.writeInteger(UInt8(ascii: "\n"))
                    try await body.write(line)
                }
                do { try await stream.write(send) } catch let error as ControlPlaneError {
                    guard let problem = Problem(error) else { throw error }
                    try await send(.problem(problem))
                }
                try await writer.finish(nil)
            }
        )
    }
}
