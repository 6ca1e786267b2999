extension RecordTree {
    /// The tree without records that the standard would call invalid because a required field is not for its readers (a
    /// street, say); nil when the record itself is one. A missing description alone is written as the empty text.
    package var conforming: RecordTree? {
        var tree = self
        let object = record.kind.object
        for field in object.fields where field.isRequired && record.values[field.name] == nil {
            guard field.name == "description" else { return nil }
            tree.record["description"] = ""
        }
        for (name, children) in members {
            let kept = children.compactMap(\.conforming)
            tree.members[name] = kept
            if kept.isEmpty { tree.record.values[HSDSMember.reference(of: name)] = nil }
        }
        if record.kind == .serviceCapacity, tree.members["unit"]?.isEmpty ?? true { return nil }
        return tree
    }
}
