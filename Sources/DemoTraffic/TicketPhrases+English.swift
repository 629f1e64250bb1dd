extension TicketPhrases {
    /// What customers write in English.
    static let english = TicketPhrases(
        items: [
            "lamp", "kettle", "jacket", "desk", "headset", "keyboard", "sofa", "tent", "blender", "bike", "mirror",
            "printer", "camera", "carpet", "helmet", "monitor",
        ],
        referencesWithNumber: [
            "order {n}", "order #{n}", "my order {n}", "order no. {n}", "order number {n}", "#{n}",
            "the {item} (order {n})", "the {item} from order {n}",
        ],
        referencesWithoutNumber: [
            "my order", "the {item}", "my {item}", "the {item} I ordered", "my last order",
        ],
        numbersApart: [
            "Order number: {n}.", "The order is {n}.", "Order {n}.", "It is #{n}.", "My order number is {n}.",
        ],
        noNumber: [
            "I don't have the order number.", "I lost the order number.", "No idea what the order number was.",
        ],
        requests: [
            .refund: [
                "I want my money back for {ref}", "please refund {ref}", "I would like a refund for {ref}",
                "when do I get the money for {ref} back", "can you refund me for {ref}",
                "still waiting for the refund of {ref}",
            ],
            .track: [
                "where is {ref}", "when will {ref} arrive", "has {ref} been shipped yet",
                "can you tell me where {ref} is right now", "I need the tracking link for {ref}",
                "what is the delivery status of {ref}",
            ],
            .cancel: [
                "please cancel {ref}", "I want to cancel {ref}", "can I still cancel {ref}",
                "I changed my mind, stop {ref} before it ships", "I no longer need {ref}, please call it off",
            ],
            .return: [
                "I want to send {ref} back", "how do I return {ref}", "please send me a return label for {ref}",
                "I would like to return {ref}", "where do I drop off the return of {ref}",
            ],
            .exchange: [
                "I want to exchange {ref} for another size", "can I swap {ref} for a different colour",
                "please exchange {ref} for a bigger one", "I need {ref} in another colour, can we swap",
                "wrong size, please replace {ref} with a smaller one",
            ],
            .addressChange: [
                "please change the delivery address of {ref}", "I moved, send {ref} to my new address",
                "the address on {ref} is wrong", "can you deliver {ref} to my office instead",
                "I need to update the shipping address for {ref}",
            ],
            .invoice: [
                "I need an invoice for {ref}", "please send me the bill for {ref}", "the invoice of {ref} is missing",
                "can I get a receipt with VAT for {ref}", "our accounting needs the invoice for {ref}",
            ],
            .damaged: [
                "{ref} arrived broken", "{ref} came with a crack", "{ref} was damaged in transit",
                "there is a big scratch on what you sent me, it is about {ref}",
                "the box was crushed and {ref} does not work",
            ],
            .missingItem: [
                "a part of {ref} is missing", "half of {ref} was not in the box", "one item is missing from {ref}",
                "you forgot something in {ref}", "the parcel was incomplete, it is about {ref}",
            ],
            .complaint: [
                "I am very unhappy with your service, it is about {ref}",
                "nobody answers my mails about {ref}, this is a disgrace",
                "your support was rude to me when I asked about {ref}", "I want to make a complaint about {ref}",
                "worst shop ever, just look at {ref}",
            ],
        ],
        reasons: [
            .refund: [
                "It arrived broken.", "I sent it back last week.", "You charged me twice.", "It never came.",
            ],
            .return: [
                "It is too small.", "It has a scratch.", "I don't like the colour.", "It is not what I expected.",
            ],
            .cancel: [
                "Delivery takes too long.", "I found it cheaper.", "I ordered the wrong one.",
            ],
            .exchange: [
                "It is too small.", "The colour looks different.", "I like it but it does not fit.",
            ],
            .track: [
                "I ordered a week ago.", "Your site shows nothing.", "My neighbour got his already.",
            ],
        ],
        asides: [
            "I paid {p} euros.", "It was {p}.99 in the sale.", "I have waited {d} days now.", "I bought {d} of them.",
            "Ordered on 2{d} May.", "I am a customer since 20{y}.",
        ],
        cues: [
            .high: [
                "This is urgent.", "I need an answer today!", "As soon as possible please.", "ASAP!",
                "It cannot wait.", "Please hurry, I leave tomorrow.", "URGENT!",
            ],
            .low: [
                "No rush.", "It is not urgent.", "Take your time.", "Whenever you have a minute.",
                "There is no hurry.",
            ],
        ],
        greetings: [
            "Hi,", "Hello,", "Hey there,", "Good morning,", "Dear team,", "Hello support,",
        ],
        closings: [
            "Thanks!", "Thank you", "Kind regards, {name}", "Cheers, {name}", "Best, {name}", "Thanks in advance.",
        ],
        names: [
            "Anna", "Tom", "Mia", "Ben", "Sam", "Kate", "Omar", "Lucy", "Raj", "Jo",
        ]
    )
}
