extension TicketPhrases {
    /// What customers write in German.
    static let german = TicketPhrases(
        items: [
            "Lampe", "Jacke", "Tastatur", "Kamera", "Matratze", "Bohrmaschine", "Uhr", "Vase", "Pfanne", "Hose",
            "Tasche", "Kaffeemaschine", "Heizung", "Bank", "Decke", "Schaukel",
        ],
        referencesWithNumber: [
            "Bestellung {n}", "meine Bestellung {n}", "die Bestellung {n}", "Auftrag {n}", "Bestellnr. {n}", "#{n}",
            "die {item} (Bestellung {n})", "die {item} aus Auftrag {n}",
        ],
        referencesWithoutNumber: [
            "meine Bestellung", "die {item}", "meine {item}", "die letzte Bestellung",
        ],
        numbersApart: [
            "Bestellnummer: {n}.", "Es geht um {n}.", "Bestellung {n}.", "Auftragsnummer {n}.",
            "Meine Bestellnummer ist {n}.",
        ],
        noNumber: [
            "Die Bestellnummer habe ich nicht.", "Ich finde die Bestellnummer nicht mehr.",
        ],
        requests: [
            .refund: [
                "ich möchte mein Geld für {ref} zurück", "bitte erstatten Sie mir {ref}",
                "wann bekomme ich das Geld für {ref} zurück", "ich warte auf die Erstattung für {ref}",
                "bitte um Rückzahlung für {ref}",
            ],
            .track: [
                "wo ist {ref}", "wann kommt {ref} an", "wurde {ref} schon verschickt",
                "ich brauche den Link zur Sendungsverfolgung für {ref}", "wie ist der Lieferstatus, {ref}",
            ],
            .cancel: [
                "bitte stornieren Sie {ref}", "ich möchte {ref} stornieren", "kann ich {ref} noch absagen",
                "ich brauche {ref} nicht mehr, bitte stoppen", "bitte {ref} nicht mehr versenden",
            ],
            .return: [
                "ich möchte {ref} zurückschicken", "wie kann ich {ref} zurückgeben",
                "bitte ein Rücksendeetikett für {ref}", "wohin geht die Retoure für {ref}",
                "ich sende {ref} zurück, was muss ich tun",
            ],
            .exchange: [
                "ich möchte {ref} umtauschen, falsche Größe", "kann ich {ref} in einer anderen Farbe haben",
                "bitte {ref} gegen eine kleinere Größe tauschen", "Umtausch bitte, {ref} passt nicht",
            ],
            .addressChange: [
                "bitte ändern Sie die Lieferadresse für {ref}", "ich bin umgezogen, es geht um {ref}",
                "falsche Anschrift, es geht um {ref}", "bitte {ref} an meine neue Adresse liefern",
                "neue Adresse für {ref}",
            ],
            .invoice: [
                "ich brauche eine Rechnung für {ref}", "bitte schicken Sie mir die Rechnung, {ref}",
                "mir fehlt der Beleg für {ref}", "unsere Buchhaltung braucht die Rechnung für {ref}",
            ],
            .damaged: [
                "{ref} kam kaputt an", "{ref} ist beschädigt", "{ref} hat einen Riss",
                "der Karton war zerdrückt und {ref} geht nicht", "Transportschaden, es geht um {ref}",
            ],
            .missingItem: [
                "es fehlt ein Teil, es geht um {ref}", "{ref} ist unvollständig",
                "im Paket war nur die Hälfte, es geht um {ref}", "ein Artikel fehlt, {ref}",
                "Sie haben etwas vergessen, es geht um {ref}",
            ],
            .complaint: [
                "ich bin sehr unzufrieden, es geht um {ref}", "ich möchte mich beschweren, {ref}",
                "niemand antwortet mir, eine Frechheit, es geht um {ref}", "Ihr Service ist eine Zumutung, {ref}",
                "Beschwerde über Ihren Kundendienst, {ref}",
            ],
        ],
        reasons: [
            .refund: [
                "Es kam kaputt an.", "Ich habe alles zurückgeschickt.", "Es wurde doppelt abgebucht.",
            ],
            .return: [
                "Es ist zu klein.", "Es gefällt mir nicht.", "Es hat einen Kratzer.",
            ],
            .cancel: [
                "Die Lieferung dauert zu lange.", "Ich habe falsch bestellt.",
            ],
            .exchange: [
                "Es ist zu klein.", "Die Farbe ist anders als gedacht.",
            ],
            .track: [
                "Ich habe vor einer Woche bestellt.", "Auf der Seite steht nichts.",
            ],
        ],
        asides: [
            "Ich habe {p} Euro bezahlt.", "Ich warte seit {d} Tagen.", "Es waren {d} Stück.", "Bestellt am {d}. Mai.",
            "Ich bin Kunde seit 20{y}.",
        ],
        cues: [
            .high: [
                "Es ist dringend.", "Bitte sofort!", "Ich brauche heute eine Antwort!", "Es eilt sehr.", "DRINGEND!",
                "Bitte so schnell wie möglich.",
            ],
            .low: [
                "Es eilt nicht.", "Es ist nicht dringend.", "Lassen Sie sich Zeit.", "Hat keine Eile.",
            ],
        ],
        greetings: [
            "Hallo,", "Guten Tag,", "Moin,", "Liebes Team,", "Sehr geehrte Damen und Herren,", "Servus,",
        ],
        closings: [
            "Danke!", "Vielen Dank", "Gruß, {name}", "Mit freundlichen Grüßen, {name}", "Danke im Voraus.",
            "LG {name}",
        ],
        names: [
            "Jan", "Lena", "Uwe", "Petra", "Kai", "Sabine", "Emre", "Heike", "Jonas", "Ute",
        ]
    )
}
