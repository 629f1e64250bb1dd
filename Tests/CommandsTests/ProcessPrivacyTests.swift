import CProcess
import Foundation
import Testing

@testable import Commands

/// What a process holds in memory ends up in no file.
struct ProcessPrivacyTests {
    @Test func noCoreIsDumped() {
        let before = cprocess_is_dumpable()
        ProcessPrivacy.keepMemory()
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        #expect(limit.rlim_cur == 0 && limit.rlim_max == 0)
        #expect(!cprocess_is_dumpable())
        // The log of a crash of the tests is theirs.
        _ = cprocess_set_dumpable(before)
    }

    @Test(
        arguments: [
            (nil, "registers=none"), ("", "registers=none"), ("enable=no", "enable=no,registers=none"),
            ("registers=all", "registers=none"), ("registers=none,color=no", nil), ("registers=none", nil),
            ("registers=none,registers=all", "registers=none"),
        ] as [(String?, String?)]
    )
    func crashLogsShowNoMemory(setting: String?, told: String?) {
        #expect(ProcessPrivacy.backtraceSetting(setting) == told)
    }
}
