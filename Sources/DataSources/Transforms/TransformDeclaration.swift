package import Fields
internal import Files
package import YAML

/// One item of `transforms:`: a transform with the fields that every transform has.
///
///     transforms: [{type: crop, size: 32, pad: 4}, mirror]
package struct TransformDeclaration: FieldValue {
  /// The fields of every transform.
  private struct Header: FieldOwner {
    var top: String?
    var inTests: Bool?

    init() {}

    static let fields: [Field<Header>] = [
      .optional(
        "top", \.top, .given(.name),
        "The tensor to change. Default: all inputs, and for moved pixels also their classes."),
      .optional(
        "in_tests", \.inTests, .any,
        "Whether tests and predictions apply the transform too. Default: as the transform states."),
    ]
  }

  package let transform: any Transform
  private let header: Header
  /// The field of the part that states the transform: `transforms.0` for the first of the list.
  private(set) var field = "transforms"

  /// Makes a declaration of a transform that a field of the part stands for.
  init(_ transform: any Transform) {
    self.transform = transform
    header = Header()
    field = name
  }

  private init(_ transform: any Transform, _ header: Header) {
    self.transform = transform
    self.header = header
  }

  /// Returns the same declaration as an item of the list.
  func asItem(_ index: Int) -> TransformDeclaration {
    var item = self
    item.field = "transforms.\(index)"
    return item
  }

  package static var commonFields: [FieldDescription] { Header.fieldDescriptions }

  /// The name of the transform: `crop`.
  package var name: String { type(of: transform).reference.name }

  /// The tensor that the declaration names.
  package var top: String? { header.top }

  /// Whether the declaration states no field that every transform has.
  var hasNoHeader: Bool { header.top == nil && header.inTests == nil }

  /// Whether the transform changes no input. The tensors of a prediction are its inputs.
  func changesOnlyTargets(_ inputs: [DataTop]) -> Bool {
    if let top = header.top { return !inputs.contains { $0.name == top } }
    return (transform as? any ExampleTransform)?.scope == .classes
  }

  /// Whether tests and predictions apply the transform. It then has no random numbers, except where
  /// `in_tests` is stated.
  package var runsInTests: Bool { header.inTests ?? !transform.isForTraining }

  /// Whether tests draw random numbers too.
  var drawsInTests: Bool { header.inTests == true && transform.isForTraining }

  package static var expectation: String {
    "a transform ('dlrun help-transform' lists them)"
  }

  package static func decode(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Decoded<TransformDeclaration> {
    guard node.items == nil, !node.isNull else { return .mismatch }
    let mapping =
      node.scalar == nil
      ? node : Node(.mapping([Node.Pair(key: .text("type"), value: node)]), at: node.mark)
    guard
      let entry = TransformCatalog.all.entry(of: mapping, subject: "transform", &diagnostics),
      var reader = FieldReader(mapping, of: "transform \(entry.reference.name)", &diagnostics)
    else { return .reported }
    reader.allow(["type"])
    var header = Header()
    reader.read(into: &header, &diagnostics)
    let transform = entry.decode(&reader, &diagnostics)
    reader.finish(&diagnostics)
    guard reader.isValid else { return .reported }
    return .value(TransformDeclaration(transform, header))
  }

  /// The bare name if no field is stated, otherwise a mapping.
  package var encoded: Node {
    let pairs = transform.encodedEntry + header.encodedFields
    return pairs.count == 1 ? pairs[0].value : Node(.mapping(pairs))
  }
}

extension TransformDeclaration: Equatable {
  package static func == (one: TransformDeclaration, other: TransformDeclaration) -> Bool {
    one.encoded.json == other.encoded.json
  }
}
