package import Fields
internal import YAML

/// The fields of a test part whose examples come from the source of the training part.
package struct TestBatches: FieldOwner {
  package var batchSize = DataDeclaration().batchSize
  package var shuffle: Bool? = false

  package init() {}

  /// The batches of a test part.
  init(of part: DataDeclaration) {
    batchSize = part.batchSize
    shuffle = part.shuffle
  }

  package static let fields: [Field<TestBatches>] = [
    .optional(
      "batch_size", \.batchSize, .within(1...1_000_000),
      "The number of examples of a step. The last batch of an epoch may be short."),
    .optional("shuffle", \.shuffle, .any, "Whether each epoch has its own order. Default: false."),
  ]

  /// Reads the test part of divided data. Nil after reporting a mistake.
  ///
  /// - Parameters:
  ///   - node: the part, or nil when the file states none.
  ///   - train: the training part. Nil when it has a mistake.
  static func decode(
    _ node: Node?, division: DataHeader, _ train: DataDeclaration?, _ diagnostics: inout Diagnostics
  ) -> TestBatches? {
    guard let node else { return TestBatches() }
    guard var reader = FieldReader(node, of: "test data", &diagnostics) else { return nil }
    var batches = TestBatches()
    reader.read(into: &batches, &diagnostics)
    let own = fields.map(\.name)
    let inherited =
      ["source"] + DataDeclaration.fields.map(\.name).filter { !own.contains($0) }
      + (train.map { type(of: $0.source).fieldDescriptions.map(\.name) } ?? [])
    var isValid = true
    for pair in node.pairs ?? [] {
      guard let name = pair.key.scalar?.text, inherited.contains(name), !pair.value.isNull else {
        continue
      }
      isValid = false
      diagnostics.error(
        "\(name): expected none, since '\(division.divisionName)' gives the test data all fields of "
          + "the train data except \(own.joined(separator: " and "))", at: pair.value.mark)
    }
    reader.allow(inherited)
    reader.finish(&diagnostics)
    return reader.isValid && isValid ? batches : nil
  }
}
