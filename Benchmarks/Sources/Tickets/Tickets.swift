/// What both sides of a measurement are asked: the same texts in the same order.
public enum Tickets {
    private static let texts = [
        "Where is my parcel? Order #. Thanks!", "Order # arrived broken, I want my money back.",
        "Please cancel order # before it ships.", "I moved: send order # to my new address.",
        "The invoice for # is missing, I need it today!", "One of three cups was not in the box of order #.",
        "Can I get order # in another size?", "I want to return #, it does not fit.",
    ]

    /// Ticket `number`: one of eight texts with an order number of its own.
    public static func text(_ number: Int) -> String {
        texts[number % texts.count].replacing("#", with: String(10_000 + number * 7919 % 90_000))
    }
}
