import CKernels

/// The instructions that the kernels use. All of them give the same bits; they differ in speed alone.
public enum InstructionSet: String, Sendable, CaseIterable {
    /// Plain C, on any processor.
    case portable
    /// 256-bit vectors with fused multiply-add (x86-64, since 2013).
    case avx2
    /// 512-bit vectors with 8-bit dot products (x86-64 with AVX-512 VNNI).
    case avx512

    /// True when this machine has the instructions.
    public var isAvailable: Bool { ck_isa_available(kernels) }

    /// The fastest set that this machine has.
    public static let best: InstructionSet = allCases.last(where: \.isAvailable) ?? .portable

    var kernels: ck_isa {
        switch self {
        case .portable: CK_PORTABLE
        case .avx2: CK_AVX2
        case .avx512: CK_AVX512
        }
    }
}

/// Number of the rules that results follow bit for bit. Results of the same model, token ids, settings and seed are
/// identical as long as this number is; it changes with every change to the order or rounding of an operation, and is
/// stored with every result that somebody may want to compute again.
public let numericsVersion = 1
