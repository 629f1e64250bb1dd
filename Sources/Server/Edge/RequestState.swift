import Foundation
import Hummingbird
import Logging
import RegistryTypes

/// What goes with a request from the socket to its handler.
struct RequestState: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Whether the JSON representation of a page is asked for: `.json` stood at the end of the path.
    var wantsJSON = false
    /// The path and the query as sent.
    var path = "/"
    /// The request's number in the traffic log, for requests to models.
    let number: RegistryTypes.RequestID
    /// The connection.
    let connection: ObjectIdentifier

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        connection = ObjectIdentifier(source.channel)
        number = RegistryTypes.RequestID(
            time: Timestamp(Date()),
            random: (.random(in: 0 ... .max), .random(in: 0 ... .max))
        )
    }

    /// Names the request in its answer and in the log; a logger that keeps nothing has no name for it. Requests to models
    /// go by their number, under which the traffic log keeps them.
    var requestID: String {
        if OpenAIAddress.owns(path) { return number.text }
        return logger[metadataKey: "hb.request.id"]?.description ?? "unnamed"
    }
}
