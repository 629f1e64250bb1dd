import DurableFiles
import Foundation
import Logging
import RegistryRecords
import RegistryTypes
import StrictJSON

/// An alert of a channel as it stands: the worst of its family, and the sentence of the SLO it belongs to.
struct StandingAlert: Hashable, Sendable, Codable {
    /// What an alert becomes an incident of.
    struct Key: Hashable, Sendable, Codable {
        let model: Name
        let family: IncidentFamily
        let channel: Name
    }

    let slo: Name
    let severity: IncidentSeverity
    let kind: AlertKind
    let sentence: String
}

/// The alerts that stood at the last step, on disk: an alert that a person has closed the incident of stays closed over a
/// restart, and one that ended while nobody looked gets its line.
struct AlertFile: Sendable {
    private struct Entry: Codable {
        let key: StandingAlert.Key
        let alert: StandingAlert
    }

    private let url: URL

    /// The file `alerts.json` of a data folder.
    init(folder: URL) { url = folder.appending(path: "alerts.json") }

    /// What stood; nothing where the file is missing or cannot be read: the log knows the open incidents.
    func read() -> [StandingAlert.Key: StandingAlert] {
        guard let data = try? Data(contentsOf: url),
            let entries = try? JSONText.decode([Entry].self, from: data)
        else { return [:] }
        return Dictionary(entries.map { ($0.key, $0.alert) }) { first, _ in first }
    }

    /// Moves a file away that cannot be read; says so.
    static func unreadable(_ aside: SetAside) -> String? {
        aside.movingUnreadable("alerts.json", loss: "alerts that stand are written to their incidents once more") {
            (try? JSONText.decode([Entry].self, from: $0)) != nil
        }
    }

    /// Stores what stands. It is not synced: after a power cut an incident may open a second time at worst.
    func store(_ alerts: [StandingAlert.Key: StandingAlert], _ logger: Logger) {
        do {
            let entries = alerts.map { Entry(key: $0.key, alert: $0.value) }
                .sorted { ($0.key.model, $0.key.channel) < ($1.key.model, $1.key.channel) }
            try DurableFile.replace(url.path, with: JSONEncoder().encode(entries), isSynced: false)
        } catch {
            logger.warning("the standing alerts cannot be stored", metadata: ["error": "\(error)"])
        }
    }
}
