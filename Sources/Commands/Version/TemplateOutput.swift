import RegistryRecords
import UserDocuments
import WireFormat

/// What is printed of the chat template in a model file.
enum TemplateOutput {
    /// What the template does, on one line.
    static func line(_ template: TemplateSummary) -> Cell {
        if let problem = template.problem { return StatusCell.unknown(problem) }
        var parts = [template.roles.joined(separator: ", ")]
        parts.append(
            template.listsTools
                ? "tools" + (template.toolCalls.map { " (calls as \($0))" } ?? " (calls not known here)") : "no tools"
        )
        switch template.thinking {
        case .onUnlessOff: parts.append("thinks unless turned off")
        case .offUnlessOn: parts.append("can be asked to think")
        case .always: parts.append("thinks")
        case nil: break
        }
        return Cell(parts.joined(separator: "; "))
    }

    /// What is to be said of a prompt that is live and a file that is new; nil when they go together.
    static func notice(_ fit: TemplateFit) -> Cell? {
        if let problem = fit.problem {
            return StatusCell.notice("\(fit.prompt), live in production, does not go with this file: \(problem)")
        }
        guard fit.format != .model, fit.differs == true else { return nil }
        return StatusCell.notice(
            "\(fit.prompt), live in production, is written in \(fit.format.rawValue), not as the file's own template does"
        )
    }
}
