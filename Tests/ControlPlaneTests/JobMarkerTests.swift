import RegistryTypes
import TestSupport
import Testing

@testable import ControlPlane

/// A job that ends the process again and again is given up; one that gets on each time is not.
@Suite struct JobMarkerTests {
    @Test(arguments: [true, false]) func onlyRunsWithoutProgressCount(_ getsOn: Bool) throws {
        let folder = try ScratchFolder()
        let job = JobID.canary(CanaryID(204))
        var seen: [Int] = []
        for _ in 0..<6 {
            // Each turn is a process that is killed.
            let markers = try JobMarkers(folder: folder.url)
            seen.append(try markers.begin(job))
            if getsOn { markers.gotOn(job) }
        }
        #expect(seen == (getsOn ? [0, 0, 0, 0, 0, 0] : [0, 1, 2, 3, 4, 5]))
        try JobMarkers(folder: folder.url).end(job)
        #expect(try JobMarkers(folder: folder.url).begin(job) == 0)
    }

    /// What was there when a run was taken up is no progress of this process.
    @Test func progressIsWhatIsNew() {
        let progress = FirstProgress()
        #expect([40, 40, 41, 42, 43].map { progress.isFirst($0) } == [false, false, true, false, false])
    }
}
