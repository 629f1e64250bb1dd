public import ArgumentParser

extension CommandLineInterface {
    /// The verbs of this target in the groups that help shows.
    public static var groups: [CommandGroup] {
        [
            CommandGroup(
                name: "Daily",
                subcommands: [
                    Publish.self, Promote.self, Rollback.self, Status.self, Diff.self, Chat.self, Open.self, Apply.self,
                ]
            ),
            CommandGroup(
                name: "Checks",
                subcommands: [
                    CanaryGroup.self, EvaluationGroup.self, DriftGroup.self, SLOGroup.self, PolicyGroup.self,
                    Replay.self,
                ]
            ),
            CommandGroup(
                name: "Live",
                subcommands: [RequestGroup.self, RolloutGroup.self, IncidentGroup.self]
            ),
            CommandGroup(
                name: "Registry",
                subcommands: [
                    ModelGroup.self, VersionGroup.self, PromptGroup.self, ReleaseGroup.self, TrafficGroup.self,
                    AuditGroup.self,
                ]
            ),
        ]
    }

    /// The verbs about who may do what, and for shells.
    public static var access: [any ParsableCommand.Type] {
        [Login.self, Logout.self, WhoAmIVerb.self, KeyGroup.self, Completion.self]
    }
}
