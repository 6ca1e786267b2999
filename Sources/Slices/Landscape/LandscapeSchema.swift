package import Storage

/// The tables of Landscape, each noun's own in its folder. Frozen once shipped.
package enum LandscapeSchema {
    package static let migrations =
        ScanSchema.migrations + VotesSchema.migrations + PlanSchema.migrations + WorkshopSchema.migrations
        + CodingSchema.migrations + InitiativesSchema.migrations + EvaluationSchema.migrations
}
