internal import YAML

extension Node {
  /// Returns the position of a stated field, or of a part of its value: `split.fraction`, or
  /// `transforms.0` for the first item of a list. Without that part, it is the position of the field.
  ///
  /// - Returns: nil when the field is not stated.
  func mark(ofPath path: String) -> Mark? {
    let names = path.split(separator: ".")
    guard let first = names.first, let field = self[String(first)],
      !field.isNull || field.optionText != nil
    else { return nil }
    guard names.count > 1 else { return field.mark }
    guard let items = field.items else { return (field[String(names[1])] ?? field).mark }
    let index = Int(names[1])
    return (index.flatMap { items.indices.contains($0) ? items[$0] : nil } ?? field).mark
  }
}
