internal import DataFiles
internal import Fields
internal import YAML

/// The columns of a table that a part reads.
struct TableColumns {
  var inputs: [TableInputs.Column]
  let targets: [Int]
  /// The column of the weights. Nil when all examples count alike.
  let weight: Int?
  /// The marks in numbers of the table.
  let marks: NumberMarks
  /// The column of the groups, and the field that names it. Nil without groups.
  let group: (index: Int, field: String)?

  /// The greatest number of groups.
  private static let groupLimit = 10_000_000

  /// The request that reads the weights.
  var weightRequests: [ColumnRequest] {
    weight.map { [ColumnRequest($0, marks.columnType, field: "weight")] } ?? []
  }

  /// The request that reads the groups.
  var groupRequests: [ColumnRequest] {
    guard let group else { return [] }
    return [
      ColumnRequest(
        group.index, .category, hasMissingTexts: false,
        expectation: "a text of at most \(TableHeader.nameLimit) bytes", field: group.field,
        categoryLimit: TableColumns.groupLimit)
    ]
  }
}

extension CSV {
  /// Returns the columns of a table that the part reads.
  func columns(
    _ header: TableHeader, _ context: DataContext
  ) throws(DataFailure) -> TableColumns {
    let phase = context.phase
    let targets = try DataFailure.blaming("target", of: phase) { () throws(DataFailure) in
      try header.columns(named: target.names, besides: self.inputs?.names ?? [])
    }
    var group: (index: Int, field: String)?
    if let stated = context.group {
      group = try DataFailure.blaming(stated.field, of: phase) { () throws(DataFailure) in
        (try header.columns(named: [stated.column])[0], stated.field)
      }
    }
    let weight = try DataFailure.blaming("weight", of: phase) { () throws(DataFailure) in
      try self.weight.map { name throws(DataFailure) in
        try header.columns(named: [name], besides: target.names)[0]
      }
    }
    let kept = try DataFailure.blaming("keep", of: phase) { () throws(DataFailure) in
      try header.columns(named: keep ?? [], besides: self.inputs?.names ?? [])
    }
    let reserved = [group?.index, weight].compactMap { $0 } + kept
    let inputs = try DataFailure.blaming("inputs", of: phase) { () throws(DataFailure) in
      if let inputs = self.inputs {
        return try inputs.columns(
          of: header, targets: target.names + reserved.map { header.names[$0] })
      }
      let others = header.named.filter { !targets.contains($0) && !reserved.contains($0) }
      try header.check(others)
      return others.map {
        TableInputs.Column(index: $0, encoding: ColumnEncoding(column: header.names[$0]))
      }
    }
    guard !inputs.isEmpty else {
      throw .field(
        "target",
        message:
          "\(header.path.quotable): row \(header.line): expected a column besides the target, "
          + "received none", of: phase)
    }
    return TableColumns(
      inputs: inputs, targets: targets, weight: weight, marks: dialect.marks, group: group)
  }
}
