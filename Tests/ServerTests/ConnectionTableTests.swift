import Testing

@testable import Server

/// Who has a place, when there are too many.
struct ConnectionTableTests {
    typealias Table = ConnectionTable<Int>

    private static let limits = ConnectionLimits(descriptors: 100, used: 20)

    /// What a process may open decides on its places: none of the limits is ever without room.
    @Test(arguments: [(Int.max, 0, 1024, 64), (1024, 40, 856, 64), (256, 33, 140, 19), (64, 33, 14, 2), (20, 40, 6, 2)])
    func limitsFollowDescriptors(descriptors: Int, used: Int, inAll: Int, reserve: Int) {
        let limits = ConnectionLimits(descriptors: descriptors, used: used)
        #expect(limits.inAll == inAll && limits.reserve == reserve)
        #expect(limits.perKey >= 2 && limits.keylessPerAddress >= 2 && limits.perKey <= inAll)
        #expect(limits.isReduced == (inAll < 1024))
    }

    /// Silent connections take places from each other, the longest silent first; a request is let in at once.
    @Test func silentConnectionsTakePlacesFromEachOther() {
        var table = Table(Self.limits)
        let perAddress = Self.limits.keylessPerAddress
        for id in 0..<perAddress {
            #expect(table.opened(id, from: "a", at: Double(id)) == .taken(closing: []))
        }
        // Of another address: nobody goes.
        #expect(table.opened(1000, from: "b", at: 0) == .taken(closing: []))
        for id in 0..<500 {
            #expect(table.opened(perAddress + id, from: "a", at: 100 + Double(id)) == .taken(closing: [id]))
        }
        #expect(table.count == perAddress + 1)
    }

    /// Many addresses together: who takes the most places gives one up.
    @Test func theAddressWithTheMostGivesUpPlaces() {
        var table = Table(Self.limits)
        var id = 0
        for address in 0..<4 {
            for _ in 0..<Self.limits.keylessPerAddress {
                _ = table.opened(id, from: "\(address)", at: Double(id))
                id += 1
            }
        }
        for number in 0..<10 {
            guard case .taken(let closing) = table.opened(id, from: "guest\(number)", at: Double(id)) else {
                Issue.record("a guest was refused")
                return
            }
            #expect(closing.allSatisfy { $0 < 4 * Self.limits.keylessPerAddress })
            id += 1
        }
        #expect(table.count <= Self.limits.inAll)
    }

    /// What is answered to keys is never closed; when all places are taken by it, an admin still has one, others are told.
    @Test func adminsHaveAPlaceWhenAllAreTaken() {
        var table = Table(Self.limits)
        for id in 0..<Self.limits.inAll {
            #expect(table.opened(id, from: "a", at: Double(id)) == .taken(closing: []))
            table.began(id)
            #expect(table.identified(id, as: .key("k\(id)", isAdmin: false)) == true)
        }
        let guest = 10_000, admin = 10_001
        #expect(table.opened(guest, from: "a", at: 0) == .taken(closing: []))
        table.began(guest)
        let isLateTaken = table.identified(guest, as: .key("late", isAdmin: false))
        #expect(!isLateTaken)
        table.answered(guest, at: 0)
        #expect(table.opened(admin, from: "a", at: 0) == .taken(closing: [guest]))
        table.began(admin)
        #expect(table.identified(admin, as: .key("admin", isAdmin: true)) == true)
        // One that is done and asks nothing makes room.
        table.answered(5, at: 500)
        #expect(table.opened(10_002, from: "a", at: 501) == .taken(closing: [5]))
        // The reserve has an end, which only admins can reach.
        var id = 20_000
        while case .taken = table.opened(id, from: "a", at: 600) {
            table.began(id)
            #expect(table.identified(id, as: .key("admin", isAdmin: true)) == true)
            id += 1
        }
        #expect(table.count == Self.limits.inAll + Self.limits.reserve)
    }

    /// Where all places are held by keys, those who come together have a place each until their requests are here: they take none
    /// from each other, first those on which nothing is asked and then the reserve.
    @Test(arguments: [false, true]) func newcomersTakeNoPlacesFromEachOther(areAnswering: Bool) {
        var table = Table(Self.limits)
        for id in 0..<Self.limits.inAll {
            _ = table.opened(id, from: "a", at: 0)
            table.began(id)
            #expect(table.identified(id, as: .key("k\(id)", isAdmin: false)) == true)
            if !areAnswering { table.answered(id, at: 1) }
        }
        let newcomers = (1000..<1000 + Self.limits.reserve)
        for id in newcomers {
            guard case .taken(let closing) = table.opened(id, from: "b", at: 100 + Double(id - 1000) / 100) else {
                Issue.record("\(id) was refused")
                return
            }
            #expect(closing.count == (areAnswering ? 0 : 1) && !closing.contains { newcomers.contains($0) })
        }
        // More of them at the same moment take places from each other, and no more from keys.
        #expect(table.opened(2000, from: "b", at: 100.5) == .taken(closing: [1000]))
        for id in newcomers.dropFirst() {
            table.began(id)
            #expect(table.identified(id, as: .key("admin", isAdmin: true)) == true)
        }
        // Who sends nothing for a second goes first.
        #expect(table.opened(2001, from: "c", at: 101.6) == .taken(closing: [2000]))
    }

    /// One key has half of all places; another one has its own.
    @Test func oneKeyHasHalf() {
        var table = Table(Self.limits)
        var refused = 0
        for id in 0..<Self.limits.inAll {
            _ = table.opened(id, from: "a", at: Double(id))
            table.began(id)
            if !table.identified(id, as: .key("loud", isAdmin: false)) {
                refused += 1
                table.closed(id)
            }
        }
        #expect(refused == Self.limits.inAll - Self.limits.perKey)
        _ = table.opened(9000, from: "a", at: 0)
        #expect(table.identified(9000, as: .key("quiet", isAdmin: false)) == true)
        table.closed(0)
        _ = table.opened(9001, from: "a", at: 0)
        #expect(table.identified(9001, as: .key("loud", isAdmin: false)) == true)
    }

    /// Time limits are for those who showed no key and ask nothing.
    @Test func onlyTheSilentAreOverdue() {
        var table = Table(Self.limits)
        for id in 0..<4 { _ = table.opened(id, from: "a", at: 0) }
        table.began(1)
        table.began(2)
        #expect(table.identified(2, as: .key("k", isAdmin: false)) == true)
        table.answered(2, at: 1)
        table.began(3)
        table.answered(3, at: 8)
        #expect((0..<4).map { table.isOverdue($0, at: 9) } == [false, false, false, false])
        #expect((0..<4).map { table.isOverdue($0, at: 10) } == [true, false, false, false])
        #expect((0..<4).map { table.isOverdue($0, at: 18) } == [true, false, false, true])
        #expect(!table.isOverdue(77, at: 1000))
        // One that nobody counts may ask.
        #expect(table.identified(77, as: .key("k", isAdmin: false)) == true)
    }

    @Test(arguments: [
        ("10.1.2.3", "10.1.2.3"), ("::ffff:10.1.2.3", "10.1.2.3"), ("2001:db8::1", "20:1:d:b8:0:0:0:0"),
        ("2001:db8::2", "20:1:d:b8:0:0:0:0"), ("", ""),
    ])
    func addressesAreCountedByNetwork(address: String, network: String) {
        #expect(OpenConnections.network(of: address) == network)
    }
}
