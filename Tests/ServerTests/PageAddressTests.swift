import ControlPlane
import Digests
import Foundation
import Hummingbird
import HummingbirdTesting
import RegistryTypes
import Testing
import WireFormat
import Wording

@testable import Server

/// The addresses of pages: all are registered from one place, and a name with dots in it opens its own page.
struct PageAddressTests {
    @Test func everyPageAddressIsRegistered() async throws {
        let test = try await TestSite()
        let registered = Set(test.site.entries.filter { $0.door == .session }.map(\.pattern))
        let open = Set(test.site.entries.filter { $0.permission == .anyone }.map(\.pattern))
        for route in PagePath.Route.allCases {
            #expect(registered.union(open).contains(route.rawValue), "\(route)")
        }
        #expect(registered.isSubset(of: PagePath.Route.allCases.map(\.rawValue)))
    }

    private static func publish(_ model: String, in test: TestSite) async throws {
        let bytes = Array("weights of \(model)".utf8), digest = Digest(of: Array("weights of \(model)".utf8))
        var rest = bytes[...]
        _ = try await test.plane.registry.uploads.take(
            digest,
            sizeBytes: Int64(bytes.count),
            offsetBytes: 0,
            by: test.admin
        ) {
            guard !rest.isEmpty else { return nil }
            let chunk = Array(rest)
            rest = []
            return UploadChunk { use in try chunk.withUnsafeBytes { try use($0) } }
        }
        let file = try ArtifactFile(path: "model.bin", digest: digest, sizeBytes: Int64(bytes.count), role: .opaque)
        _ = try await test.plane.registry.publishing.publish(
            Name(model),
            PublishRequest(manifest: Manifest(files: [file])),
            by: test.admin
        )
    }

    /// What is shown at `path`: the model of a page, or of a JSON representation.
    private static func shown(_ path: String, _ reader: TestBrowser) async throws -> String {
        let answer = try await reader.page(path)
        let text = String(buffer: answer.body)
        if answer.status == .seeOther { return "to \(answer.headers[.location] ?? "")" }
        guard answer.headers[.contentType] == "application/json" else {
            let heading = text.range(of: "<h1>").map { text[$0.upperBound...].prefix { $0 != "<" } }
            return "page \(heading ?? "none")"
        }
        return "JSON \(try JSONDecoder().decode(ModelView.self, from: Data(text.utf8)).name)"
    }

    @Test func namesThatEndInJSONOpenTheirOwnPage() async throws {
        let test = try await TestSite()
        for model in ["foo.json", "bar", "bar.json", "v1.2"] { try await Self.publish(model, in: test) }
        try await test.run { browser in
            let reader = try await browser.loggedIn(.reader)
            for (path, what) in [
                (PagePath.model(try Name("foo.json")).path, "page foo.json"),
                (PagePath.model(try Name("foo.json")).json, "JSON foo.json"),
                (PagePath.model(try Name("v1.2")).path, "page v1.2"),
                (PagePath.model(try Name("v1.2")).json, "JSON v1.2"),
                // Addresses of before: what was printed for the page of foo.json leads on, others answer.
                ("/models/foo.json", "to /models/foo%2Ejson"),
                ("/models/foo.json?live=5", "to /models/foo%2Ejson?live=5"),
                // A browser would read two slashes as another site.
                ("//models/foo.json", "page Not found"),
                ("/models/foo.json.json", "JSON foo.json"),
                ("/models/bar.json", "JSON bar"), ("/models/bar", "page bar"),
                (PagePath.model(try Name("bar.json")).path, "page bar.json"),
            ] {
                #expect(try await Self.shown(path, reader) == what, "\(path)")
            }
            #expect(try await reader.page("/models/none.json").status == .notFound)
            // A program asks for a representation and gets no page in its place.
            #expect(try await reader.ask(.get, "/models/foo.json").status == .notFound)
        }
    }
}
