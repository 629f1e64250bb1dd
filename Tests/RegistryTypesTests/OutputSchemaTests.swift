import StrictJSON
import Testing
import UserDocuments

/// Answers are checked against a schema.
@Suite struct OutputSchemaTests {
    private static let triage = """
        {"type": "object", "required": ["intent", "order"], "additionalProperties": false,
         "properties": {"intent": {"enum": ["refund", "track"]},
                        "order": {"type": ["string", "null"], "minLength": 5, "maxLength": 5},
                        "count": {"type": "integer", "minimum": 1, "maximum": 9}}}
        """

    /// A schema, an answer, and its problems.
    static let table: [(schema: String, answer: String, problems: [String])] = [
        (triage, "{\"intent\":\"refund\",\"order\":\"12345\"}", []),
        (triage, " {\"order\":null,\"intent\":\"track\",\"count\":9} ", []),
        (triage, "{\"intent\":\"refund\"}", ["the answer has no \"order\""]),
        (
            triage, "{\"intent\":\"buy\",\"order\":\"1234\"}",
            ["/intent is not one of the 2 allowed values", "/order has 4 characters, fewer than 5"]
        ),
        (triage, "{\"intent\":\"track\",\"order\":\"123456\"}", ["/order has 6 characters, more than 5"]),
        (triage, "{\"intent\":\"track\",\"order\":12345}", ["/order is number, not string or null"]),
        (triage, "{\"intent\":\"track\",\"order\":null,\"x\":1}", ["/x is not allowed"]),
        (triage, "{\"intent\":\"track\",\"order\":null,\"count\":0}", ["/count is below 1"]),
        (triage, "{\"intent\":\"track\",\"order\":null,\"count\":10}", ["/count is above 9"]),
        (triage, "{\"intent\":\"track\",\"order\":null,\"count\":1.5}", ["/count is number, not integer"]),
        (triage, "[]", ["the answer is array, not object"]),
        (triage, "{\"intent\":\"track\"", ["not JSON: it ends inside a value"]),
        (triage, "{\"intent\":\"track\",\"order\":null} done", ["not JSON: text after the value, at byte 32"]),
        (triage, "", ["not JSON: it ends inside a value"]),
        ("{\"type\":\"integer\"}", "2.0", []),
        ("{\"const\":{\"a\":[1]}}", "{\"a\":[1]}", []),
        ("{\"const\":1}", "2", ["the answer is not the one allowed value"]),
        (
            "{\"items\":{\"type\":\"string\"}}", "[\"a\",1,null]",
            ["/1 is number, not string", "/2 is null, not string"]
        ),
        ("{\"anyOf\":[{\"type\":\"null\"},{\"minimum\":3}]}", "3", []),
        ("{\"anyOf\":[{\"type\":\"null\"},{\"minimum\":3}]}", "2", ["the answer fits none of the 2 alternatives"]),
        ("{\"additionalProperties\":{\"type\":\"boolean\"}}", "{\"a\":true,\"b\":0}", ["/b is number, not boolean"]),
        ("{\"maxLength\":2}", "\"äö\"", []),
        ("{\"maxLength\":2}", "\"äöü\"", ["the answer has 3 characters, more than 2"]),
        ("{}", "1", []), ("true", "1", []), ("false", "1", ["the answer is not allowed"]),
        ("{\"required\":[\"a\"]}", "1", []),
    ]

    @Test(arguments: table)
    func checks(_ schema: String, _ answer: String, _ problems: [String]) throws {
        let schema = try OutputSchema(JSONText.parse(schema))
        #expect(schema.problems(in: answer) == problems)
        #expect(schema.accepts(answer) == problems.isEmpty)
    }

    static let refused: [(schema: String, message: String)] = [
        ("1", "schema is not an object: write { type: object, ... }"),
        (
            "{\"type\":\"text\"}",
            "schema keyword \"type\" must be one or a list of array, boolean, integer, null, number, object, string"
        ),
        (
            "{\"type\":[]}",
            "schema keyword \"type\" must be one or a list of array, boolean, integer, null, number, object, string"
        ),
        ("{\"enum\":[]}", "schema keyword \"enum\" must be a list with at least one value"),
        ("{\"required\":[\"a\",\"a\"]}", "schema keyword \"required\" must be a list of distinct names"),
        ("{\"anyOf\":{}}", "schema keyword \"anyOf\" must be a list with at least one schema"),
        (
            "{\"properties\":{\"a\":{\"items\":[]}}}",
            "schema at /properties/a/items is not an object: write { type: object, ... }"
        ),
        ("{\"minimum\":\"1\"}", "schema keyword \"minimum\" must be a number"),
        ("{\"minLength\":-1}", "schema keyword \"minLength\" must be a whole number from 0 on"),
        ("{\"maxLength\":1.5}", "schema keyword \"maxLength\" must be a whole number from 0 on"),
        ("{\"title\":1}", "schema keyword \"title\" must be a text"),
    ]

    @Test(arguments: refused)
    func refuses(_ schema: String, _ message: String) throws {
        let json = try JSONText.parse(schema)
        do {
            _ = try OutputSchema(json)
            Issue.record("the schema was accepted")
        } catch {
            #expect(error.description == message)
        }
    }

    @Test func everyKeywordThatIsNotKnownIsRefusedByNameWhereverItStands() throws {
        let words = ["pattern", "format", "$ref", "oneOf", "allOf", "not", "minItems", "uniqueItems", "if", "$schema"]
        for word in words {
            let inside = JSONValue.object(["anyOf": .array([.object([word: .bool(true)])])])
            #expect(throws: SchemaError.unknownKeyword(word, path: "/anyOf/0")) { try OutputSchema(inside) }
        }
    }

    @Test func aStoredSchemaIsCheckedAgainWhenItIsRead() throws {
        let schema = try OutputSchema(JSONText.parse(Self.triage))
        let bytes = try CanonicalJSON.encode(schema)
        #expect(try CanonicalJSON.decode(OutputSchema.self, from: bytes) == schema)
        #expect(throws: SchemaError.self) {
            try CanonicalJSON.decode(OutputSchema.self, from: Array("{\"pattern\":1}".utf8).asData)
        }
    }

    @Test func aLongListOfProblemsIsCut() throws {
        let schema = try OutputSchema(JSONText.parse("{\"items\":false}"))
        let answer = "[" + Array(repeating: "1", count: 5_000).joined(separator: ",") + "]"
        #expect(schema.problems(in: answer).count == 10)
    }
}
