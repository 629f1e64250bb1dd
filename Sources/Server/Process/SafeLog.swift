import Logging
import StrictJSON

/// The log of the server: each message on one line, and nothing in it but text. Messages hold addresses, names and
/// errors that others chose, and are read on terminals.
struct SafeLog: LogHandler {
    private var base: any LogHandler

    init(_ base: any LogHandler) { self.base = base }

    /// A logger to the standard error.
    static func logger(level: Logger.Level) -> Logger {
        var logger = Logger(label: "serin") { SafeLog(StreamLogHandler.standardError(label: $0)) }
        logger.logLevel = level
        return logger
    }

    var logLevel: Logger.Level {
        get { base.logLevel }
        set { base.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue.mapValues(Self.safe) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue.map(Self.safe) }
    }

    func log(event: LogEvent) {
        var event = event
        event.message = "\(HiddenScalars.shown(event.message.description))"
        event.metadata = event.metadata?.mapValues(Self.safe)
        base.log(event: event)
    }

    private static func safe(_ value: Logger.Metadata.Value) -> Logger.Metadata.Value {
        .string(HiddenScalars.shown(value.description))
    }
}
