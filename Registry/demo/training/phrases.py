"""The words of the ticket grammar: what customers write, in English and German.

`{ref}` is replaced by a way to name the order ("order 48213", "my order"), `{item}` by a product.
Everything else about a ticket (noise, order numbers, labels) is decided in grammar.py.
"""

INTENTS = (
    "refund", "track", "cancel", "return", "exchange",
    "address_change", "invoice", "damaged", "missing_item", "complaint",
)

PRIORITIES = ("low", "normal", "high")

ITEMS = {
    "en": ["lamp", "kettle", "jacket", "desk", "headset", "keyboard", "sofa", "tent", "blender", "bike",
           "mirror", "printer", "camera", "carpet", "helmet", "monitor"],
    "de": ["Lampe", "Jacke", "Tastatur", "Kamera", "Matratze", "Bohrmaschine", "Uhr", "Vase", "Pfanne", "Hose",
           "Tasche", "Kaffeemaschine", "Heizung", "Bank", "Decke", "Schaukel"],
}

# How an order is named inside a sentence: with its number, and without.
REF_WITH_NUMBER = {
    "en": ["order {n}", "order #{n}", "my order {n}", "order no. {n}", "order number {n}", "#{n}",
           "the {item} (order {n})", "the {item} from order {n}"],
    "de": ["Bestellung {n}", "meine Bestellung {n}", "die Bestellung {n}", "Auftrag {n}", "Bestellnr. {n}",
           "#{n}", "die {item} (Bestellung {n})", "die {item} aus Auftrag {n}"],
}
REF_WITHOUT_NUMBER = {
    "en": ["my order", "the {item}", "my {item}", "the {item} I ordered", "my last order"],
    "de": ["meine Bestellung", "die {item}", "meine {item}", "die letzte Bestellung"],
}
# The number in a sentence of its own, after the request.
NUMBER_APART = {
    "en": ["Order number: {n}.", "The order is {n}.", "Order {n}.", "It is #{n}.", "My order number is {n}."],
    "de": ["Bestellnummer: {n}.", "Es geht um {n}.", "Bestellung {n}.", "Auftragsnummer {n}.",
           "Meine Bestellnummer ist {n}."],
}
NO_NUMBER = {
    "en": ["I don't have the order number.", "I lost the order number.", "No idea what the order number was."],
    "de": ["Die Bestellnummer habe ich nicht.", "Ich finde die Bestellnummer nicht mehr."],
}

REQUESTS = {
    "en": {
        "refund": ["I want my money back for {ref}", "please refund {ref}", "I would like a refund for {ref}",
                   "when do I get the money for {ref} back", "can you refund me for {ref}",
                   "still waiting for the refund of {ref}"],
        "track": ["where is {ref}", "when will {ref} arrive", "has {ref} been shipped yet",
                  "can you tell me where {ref} is right now", "I need the tracking link for {ref}",
                  "what is the delivery status of {ref}"],
        "cancel": ["please cancel {ref}", "I want to cancel {ref}", "can I still cancel {ref}",
                   "I changed my mind, stop {ref} before it ships", "I no longer need {ref}, please call it off"],
        "return": ["I want to send {ref} back", "how do I return {ref}", "please send me a return label for {ref}",
                   "I would like to return {ref}", "where do I drop off the return of {ref}"],
        "exchange": ["I want to exchange {ref} for another size", "can I swap {ref} for a different colour",
                     "please exchange {ref} for a bigger one", "I need {ref} in another colour, can we swap",
                     "wrong size, please replace {ref} with a smaller one"],
        "address_change": ["please change the delivery address of {ref}", "I moved, send {ref} to my new address",
                           "the address on {ref} is wrong", "can you deliver {ref} to my office instead",
                           "I need to update the shipping address for {ref}"],
        "invoice": ["I need an invoice for {ref}", "please send me the bill for {ref}",
                    "the invoice of {ref} is missing", "can I get a receipt with VAT for {ref}",
                    "our accounting needs the invoice for {ref}"],
        "damaged": ["{ref} arrived broken", "{ref} came with a crack", "{ref} was damaged in transit",
                    "there is a big scratch on what you sent me, it is about {ref}",
                    "the box was crushed and {ref} does not work"],
        "missing_item": ["a part of {ref} is missing", "half of {ref} was not in the box",
                         "one item is missing from {ref}", "you forgot something in {ref}",
                         "the parcel was incomplete, it is about {ref}"],
        "complaint": ["I am very unhappy with your service, it is about {ref}",
                      "nobody answers my mails about {ref}, this is a disgrace",
                      "your support was rude to me when I asked about {ref}",
                      "I want to make a complaint about {ref}", "worst shop ever, just look at {ref}"],
    },
    "de": {
        "refund": ["ich möchte mein Geld für {ref} zurück", "bitte erstatten Sie mir {ref}",
                   "wann bekomme ich das Geld für {ref} zurück", "ich warte auf die Erstattung für {ref}",
                   "bitte um Rückzahlung für {ref}"],
        "track": ["wo ist {ref}", "wann kommt {ref} an", "wurde {ref} schon verschickt",
                  "ich brauche den Link zur Sendungsverfolgung für {ref}", "wie ist der Lieferstatus, {ref}"],
        "cancel": ["bitte stornieren Sie {ref}", "ich möchte {ref} stornieren", "kann ich {ref} noch absagen",
                   "ich brauche {ref} nicht mehr, bitte stoppen", "bitte {ref} nicht mehr versenden"],
        "return": ["ich möchte {ref} zurückschicken", "wie kann ich {ref} zurückgeben",
                   "bitte ein Rücksendeetikett für {ref}", "wohin geht die Retoure für {ref}",
                   "ich sende {ref} zurück, was muss ich tun"],
        "exchange": ["ich möchte {ref} umtauschen, falsche Größe", "kann ich {ref} in einer anderen Farbe haben",
                     "bitte {ref} gegen eine kleinere Größe tauschen", "Umtausch bitte, {ref} passt nicht"],
        "address_change": ["bitte ändern Sie die Lieferadresse für {ref}", "ich bin umgezogen, es geht um {ref}",
                           "falsche Anschrift, es geht um {ref}", "bitte {ref} an meine neue Adresse liefern",
                           "neue Adresse für {ref}"],
        "invoice": ["ich brauche eine Rechnung für {ref}", "bitte schicken Sie mir die Rechnung, {ref}",
                    "mir fehlt der Beleg für {ref}", "unsere Buchhaltung braucht die Rechnung für {ref}"],
        "damaged": ["{ref} kam kaputt an", "{ref} ist beschädigt", "{ref} hat einen Riss",
                    "der Karton war zerdrückt und {ref} geht nicht", "Transportschaden, es geht um {ref}"],
        "missing_item": ["es fehlt ein Teil, es geht um {ref}", "{ref} ist unvollständig",
                         "im Paket war nur die Hälfte, es geht um {ref}", "ein Artikel fehlt, {ref}",
                         "Sie haben etwas vergessen, es geht um {ref}"],
        "complaint": ["ich bin sehr unzufrieden, es geht um {ref}", "ich möchte mich beschweren, {ref}",
                      "niemand antwortet mir, eine Frechheit, es geht um {ref}", "Ihr Service ist eine Zumutung, {ref}",
                      "Beschwerde über Ihren Kundendienst, {ref}"],
    },
}

# A reason given before the request. It may sound like another intent; what is asked for decides.
REASONS = {
    "en": {
        "refund": ["It arrived broken.", "I sent it back last week.", "You charged me twice.", "It never came."],
        "return": ["It is too small.", "It has a scratch.", "I don't like the colour.", "It is not what I expected."],
        "cancel": ["Delivery takes too long.", "I found it cheaper.", "I ordered the wrong one."],
        "exchange": ["It is too small.", "The colour looks different.", "I like it but it does not fit."],
        "track": ["I ordered a week ago.", "Your site shows nothing.", "My neighbour got his already."],
    },
    "de": {
        "refund": ["Es kam kaputt an.", "Ich habe alles zurückgeschickt.", "Es wurde doppelt abgebucht."],
        "return": ["Es ist zu klein.", "Es gefällt mir nicht.", "Es hat einen Kratzer."],
        "cancel": ["Die Lieferung dauert zu lange.", "Ich habe falsch bestellt."],
        "exchange": ["Es ist zu klein.", "Die Farbe ist anders als gedacht."],
        "track": ["Ich habe vor einer Woche bestellt.", "Auf der Seite steht nichts."],
    },
}

# Other numbers a ticket may hold. None has five digits, so the label stays decidable.
ASIDES = {
    "en": ["I paid {p} euros.", "It was {p}.99 in the sale.", "I have waited {d} days now.",
           "I bought {d} of them.", "Ordered on 2{d} May.", "I am a customer since 20{y}."],
    "de": ["Ich habe {p} Euro bezahlt.", "Ich warte seit {d} Tagen.", "Es waren {d} Stück.",
           "Bestellt am {d}. Mai.", "Ich bin Kunde seit 20{y}."],
}

PRIORITY_CUES = {
    "en": {
        "high": ["This is urgent.", "I need an answer today!", "As soon as possible please.", "ASAP!",
                 "It cannot wait.", "Please hurry, I leave tomorrow.", "URGENT!"],
        "low": ["No rush.", "It is not urgent.", "Take your time.", "Whenever you have a minute.",
                "There is no hurry."],
    },
    "de": {
        "high": ["Es ist dringend.", "Bitte sofort!", "Ich brauche heute eine Antwort!", "Es eilt sehr.",
                 "DRINGEND!", "Bitte so schnell wie möglich."],
        "low": ["Es eilt nicht.", "Es ist nicht dringend.", "Lassen Sie sich Zeit.", "Hat keine Eile."],
    },
}

GREETINGS = {
    "en": ["Hi,", "Hello,", "Hey there,", "Good morning,", "Dear team,", "Hello support,"],
    "de": ["Hallo,", "Guten Tag,", "Moin,", "Liebes Team,", "Sehr geehrte Damen und Herren,", "Servus,"],
}
CLOSINGS = {
    "en": ["Thanks!", "Thank you", "Kind regards, {name}", "Cheers, {name}", "Best, {name}", "Thanks in advance."],
    "de": ["Danke!", "Vielen Dank", "Gruß, {name}", "Mit freundlichen Grüßen, {name}", "Danke im Voraus.",
           "LG {name}"],
}
NAMES = {
    "en": ["Anna", "Tom", "Mia", "Ben", "Sam", "Kate", "Omar", "Lucy", "Raj", "Jo"],
    "de": ["Jan", "Lena", "Uwe", "Petra", "Kai", "Sabine", "Emre", "Heike", "Jonas", "Ute"],
}
