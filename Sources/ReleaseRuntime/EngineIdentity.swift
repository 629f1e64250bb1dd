import Inference

/// What the engine is, for reports: equal numerics give equal bits, whatever the instruction set.
public enum EngineIdentity {
    /// The version of the numerics.
    public static var numerics: Int { numericsVersion }
    /// The instruction set in use.
    public static var instructionSet: String { InstructionSet.best.rawValue }
}
