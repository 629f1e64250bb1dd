import HTTPTypes
import Hummingbird
import Logging

/// What goes with a request from the socket to its handler.
struct RequestState: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Whether the JSON twin of a page is asked for: `.json` stood at the end of the path.
    var wantsTwin = false
    /// The path and the query as sent.
    var path = "/"

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
    }

    /// Names the request in its answer and in the log; a logger that keeps nothing has no name for it.
    var requestID: String { logger[metadataKey: "hb.request.id"]?.description ?? "unnamed" }
}
