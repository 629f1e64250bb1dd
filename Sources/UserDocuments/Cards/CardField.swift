/// The fields of a model card that policies can require and that completeness counts, each with equal weight.
public enum CardField: String, Codable, Sendable, CaseIterable, Comparable {
    /// The licence: an SPDX id or `other`. Key of Hugging Face.
    case license
    /// The languages the model speaks. Key of Hugging Face.
    case language
    /// The task, such as `text-generation`. Key of Hugging Face.
    case task = "pipeline_tag"
    /// Words to find the model by. Key of Hugging Face.
    case tags
    /// Who answers for the model.
    case owner
    /// What the model is for.
    case intendedUse
    /// What it cannot do, and where it should not be used.
    case limitations
    /// What it was trained on.
    case trainingData
    /// How good it is, on what.
    case evaluation
    /// What can go wrong, and what is done about it.
    case risks

    /// The heading, in lower case, under which the body of a card may say it instead of the front matter; nil for
    /// what is a key only.
    var heading: String? {
        switch self {
        case .license, .language, .task, .tags: nil
        case .owner: "owner"
        case .intendedUse: "intended use"
        case .limitations: "limitations"
        case .trainingData: "training data"
        case .evaluation: "evaluation"
        case .risks: "risks"
        }
    }

    public static func < (left: CardField, right: CardField) -> Bool { left.rawValue < right.rawValue }
}
