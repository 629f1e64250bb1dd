public import RegistryTypes

/// A model as OpenAI's list of models shows it.
public struct ListedModel: Hashable, Sendable {
    /// What applications give as `model`: `ticket-bot` or `ticket-bot@staging`.
    public let id: String
    /// When the model was first published.
    public let created: Timestamp

    /// OpenAI's object.
    public var json: [UInt8] {
        var json = JSONWriter()
        write(into: &json)
        return json.bytes
    }

    /// OpenAI's list of `models`.
    public static func list(_ models: [ListedModel]) -> [UInt8] {
        var json = JSONWriter()
        json.raw(#"{"object":"list","data":["#)
        for (index, model) in models.enumerated() {
            if index > 0 { json.raw(",") }
            model.write(into: &json)
        }
        json.raw("]}")
        return json.bytes
    }

    private func write(into json: inout JSONWriter) {
        json.raw(#"{"id":"#)
        json.string(id)
        json.raw(#","object":"model","created":"#)
        json.number(created.milliseconds / 1000)
        json.raw(#","owned_by":"serin"}"#)
    }
}
