import HTTPTypes
import Hummingbird

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
}
