/// Number of the rules that results follow bit for bit. Results of the same model, token ids, settings and seed are
/// identical as long as this number is; it changes with every change to the order or rounding of an operation, and is
/// stored with every result that somebody may want to compute again.
public let numericsVersion = 1
