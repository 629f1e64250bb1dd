/// Why the texts of a request cannot be read.
struct BodyProblem: Error, Hashable {
    let why: String
}
